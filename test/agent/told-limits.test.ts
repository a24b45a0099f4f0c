import { expect, it } from 'vitest';
import { anthropicAgent } from '../../src/agent/anthropic/anthropic.ts';
import { openaiAgent } from '../../src/agent/openai/openai.ts';
import { localRateGate } from '../../src/queue/budget/local-rate-gate.ts';
import type { ToldLimits } from '../../src/queue/budget/rate-gate.ts';
import { anthropicError, messageOf, startAnthropic } from '../model-server/anthropic.ts';
import { completionOf } from '../model-server/completion.ts';
import { status } from '../model-server/reply.ts';
import { inOrder, startModelServer } from '../model-server/server.ts';
import { servedBy } from './served.ts';
import { decide, firstView } from './view.ts';

/** A gate that keeps what it was told. */
function listeningGate() {
  const told: ToldLimits[] = [];
  const gate = localRateGate();
  return { told, gates: () => ({ ...gate, learn: (limits: ToldLimits) => void told.push(limits) }) };
}

it('learns the limits that OpenAI tells, of refusals too', async () => {
  const { told, gates } = listeningGate();
  const headers = (remaining: number) => ({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': String(remaining),
  });
  const fine = completionOf({ kind: 'message', text: 'Fine.' }, 'm', 0);
  const replies = inOrder(
    status(429, 'slow down', { ...headers(0), 'retry-after-ms': '1' }),
    status(200, fine, headers(7)),
  );
  const { session } = await servedBy(startModelServer(replies), (endpoint) =>
    openaiAgent({ model: 'm', ...endpoint, gates }),
  );
  expect((await decide(session, firstView)).text).toBe('Fine.');
  expect(told).toEqual([0, 7].map((remaining) => ({ requests: { perMinute: 60, remaining } })));
});

it('learns the limits that Anthropic tells, of refusals too', async () => {
  const { told, gates } = listeningGate();
  const headers = (remaining: number) => ({
    'anthropic-ratelimit-tokens-limit': '40000',
    'anthropic-ratelimit-tokens-remaining': String(remaining),
  });
  const answers = [
    anthropicError(429, 'rate_limit_error', 'slow down', { ...headers(0), 'retry-after': '0' }),
    { ...messageOf([{ type: 'text', text: 'Fine.' }]), headers: headers(30_000) },
  ];
  const { session } = await servedBy(startAnthropic(answers), (endpoint) =>
    anthropicAgent({ model: 'm', ...endpoint, gates }),
  );
  expect((await decide(session, firstView)).text).toBe('Fine.');
  expect(told).toEqual([0, 30_000].map((remaining) => ({ tokens: { perMinute: 40_000, remaining } })));
});

it('asks no more often than an endpoint says, of whom nobody said how often it may be asked', async () => {
  const gate = localRateGate();
  const headers = { 'x-ratelimit-limit-requests': '6000', 'x-ratelimit-remaining-requests': '0' };
  const fine = completionOf({ kind: 'message', text: 'Fine.' }, 'm', 0);
  const { session } = await servedBy(
    startModelServer(() => status(200, fine, headers)),
    (endpoint) => openaiAgent({ model: 'm', ...endpoint, gates: () => gate }),
  );
  const began = performance.now();
  for (let asked = 0; asked < 4; asked++) await decide(session, firstView);
  expect(performance.now() - began).toBeGreaterThanOrEqual(3 * 9);
});
