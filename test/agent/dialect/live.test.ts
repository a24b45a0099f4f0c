import { expect, it } from 'vitest';
import { chatDialect } from '../../../src/agent/dialect/chat.ts';
import type { WireAnswer } from '../../../src/agent/dialect/dialect.ts';
import { liveSource } from '../../../src/agent/dialect/live.ts';
import { messagesDialect } from '../../../src/agent/dialect/messages.ts';
import { largestBody } from '../../../src/agent/model/request-body.ts';
import { modelEndpoint } from '../../../src/agent/openai/model-endpoint.ts';
import { json, serve, stream } from './serve.ts';

const chunk = (content: string, finish_reason: string | null) => ({
  choices: [{ delta: { content }, finish_reason }],
});
const whole = stream(
  chunk('Hi.', 'stop'),
  { choices: [], usage: { prompt_tokens: 3, completion_tokens: 1 } },
  '[DONE]',
);

async function asked(...answers: WireAnswer[]) {
  const server = await serve(...answers);
  const source = liveSource('inside:mini', {
    model: 'm',
    retry: { attempts: 3, firstWaitMs: 1 },
    prices: { m: { input: 1, output: 1 } },
    targetOf: () => modelEndpoint('a', { baseUrl: `${server.url}/v1?region=eu`, apiKey: 'real' }, {}),
  });
  const settled: (number | undefined)[] = [];
  const asking = {
    signal: AbortSignal.timeout(10_000),
    reserve: async () => (cost: number | undefined) => void settled.push(cost),
  };
  const body = { model: 'm', stream: true, messages: [] };
  const ask = (over: object = {}) =>
    source.answer(
      { dialect: chatDialect, path: '/chat/completions', body, conversation: 'c', step: 0, ...over },
      asking,
    );
  return { ask, source, asking, server, settled };
}

it('gives an answer as it came, and has it paid for', async () => {
  const { ask, server, settled } = await asked(whole);
  expect(await ask({ headers: { 'openai-beta': 'x' } })).toEqual(whole);
  expect(server.asked).toMatchObject([
    {
      url: '/v1/chat/completions?region=eu',
      headers: { authorization: 'Bearer real', 'openai-beta': 'x' },
      body: { model: 'm', stream_options: { include_usage: true } },
    },
  ]);
  expect(server.asked[0]?.headers).not.toHaveProperty('x-api-key');
  expect(settled).toEqual([4e-6]);
});

it('asks again after failures that pass, and after a stream that breaks off, and says so', async () => {
  const busy = json({ error: { message: 'busy' } }, 503);
  const { ask } = await asked(busy, stream(chunk('Hi', null)), whole);
  const answer = await ask();
  expect(answer.body).toBe(whole.body);
  expect(answer.retries?.map(({ reason }) => reason)).toEqual([
    '503 busy',
    'the answer ended before it was complete',
  ]);
});

it('tells the program that its request is wrong, or too long', async () => {
  const wrong = json(
    { error: { message: 'maximum context length exceeded', code: 'context_length_exceeded' } },
    400,
  );
  const { ask, server } = await asked(wrong);
  expect(await ask()).toEqual(wrong);
  expect(server.asked).toHaveLength(1);
});

it.each([
  ['refuses the key', json({ error: { message: 'no' } }, 401), 'model-refused-key'],
  ['has no money', json({ error: { message: 'no', code: 'insufficient_quota' } }, 429), 'model-unavailable'],
  ['has no such model', json({ error: { message: 'no model m' } }, 404), 'model-unavailable'],
])('is the harness’s failure where the endpoint %s', async (_, answer, code) => {
  const { ask } = await asked(answer);
  await expect(ask()).rejects.toMatchObject({ code });
});

it('tells the program that another model than the one it was given is not there', async () => {
  const { ask } = await asked(json({ error: { message: 'no model small' } }, 404));
  expect((await ask({ body: { model: 'small' } })).status).toBe(404);
});

it('asks in the words of Messages with its key where it is', async () => {
  const message = {
    type: 'message',
    content: [],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const { ask, server } = await asked(json(message));
  await ask({ dialect: messagesDialect, path: '/messages', headers: { 'anthropic-beta': 'b' } });
  expect(server.asked).toMatchObject([
    {
      url: '/v1/messages?region=eu',
      headers: { 'x-api-key': 'real', 'anthropic-version': '2023-06-01', 'anthropic-beta': 'b' },
    },
  ]);
});

it('tells the program of an answer that is too large, and does not ask again', async () => {
  const { ask, server } = await asked({ ...whole, body: 'x'.repeat(largestBody + 1) });
  expect(await ask()).toMatchObject({
    status: 413,
    body: expect.stringContaining('the answer is larger than 64 MiB'),
  });
  expect(server.asked).toHaveLength(1);
});

it('asks what needs no decision, and passes on what it is told', async () => {
  const { source, asking, server } = await asked(json({ data: [] }));
  expect(await source.plain({ method: 'GET', path: '/models' }, asking)).toEqual(json({ data: [] }));
  expect(server.asked).toMatchObject([
    { url: '/v1/models?region=eu', headers: { authorization: 'Bearer real' } },
  ]);
});
