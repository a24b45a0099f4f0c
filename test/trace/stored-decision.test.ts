import { expect, it } from 'vitest';
import type { Body } from '../../src/schema/body.ts';
import { resolveDecision, storeDecision } from '../../src/trace/stored-decision.ts';

it('keeps integers that a double can’t hold', () => {
  const exact = '{"id":1234567890123456789}';
  const call = { callId: '0.0', tool: 'x', arguments: JSON.parse(exact), exact };
  const writer = { text: (text: string) => text, json: (value: unknown) => JSON.stringify(value) };
  const reader = { text: (body: Body) => String(body), json: (body: Body) => JSON.parse(String(body)) };
  const stored = storeDecision({ calls: [call] }, writer as never);
  expect(stored.calls[0]?.arguments).toBe(exact);
  expect(resolveDecision(stored, reader as never).calls).toEqual([call]);
});
