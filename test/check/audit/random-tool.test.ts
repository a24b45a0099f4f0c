import { expect, it } from 'vitest';
import { z } from 'zod';
import { randomToolAgent } from '../../../src/check/audit/random-tool.ts';
import type { View } from '../../../src/schema/view.ts';

const refund = z.strictObject({
  order: z.string(),
  amount: z.int().min(1).max(9),
  why: z.enum(['late', 'broken']).optional(),
  items: z.array(z.strictObject({ id: z.string(), all: z.boolean() })),
});
const view: View = {
  task: 'depot/first',
  instruction: 'Refund order O-17.',
  tools: [
    { name: 'refund', description: '', inputSchema: z.toJSONSchema(refund) },
    { name: 'submit', description: '', inputSchema: {} },
  ],
  steps: [],
  remaining: {},
};
const decide = async (seed: string) => {
  const session = await randomToolAgent().open({ trial: 't', task: { name: 'first', dir: '' }, seed });
  return session.decide(view, { signal: new AbortController().signal, asked: () => {} });
};

it('a random agent makes calls that the schemas allow, and the same by the same seed', async () => {
  const seeds = Array.from({ length: 50 }, (_, index) => `seed ${index}`);
  const calls = (await Promise.all(seeds.map(decide))).flatMap((one) => one.calls);
  for (const call of calls) expect(() => refund.parse(call.arguments)).not.toThrow();
  expect(new Set(calls.map((call) => JSON.stringify(call.arguments))).size).toBeGreaterThan(40);
  expect(await decide('seed 7')).toEqual(await decide('seed 7'));
});
