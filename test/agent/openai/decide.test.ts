import { describe, expect, it } from 'vitest';
import { call, message } from '../../model-server/reply.ts';
import { inOrder } from '../../model-server/server.ts';
import { decide, firstView } from '../view.ts';
import { served } from './agent.ts';

describe.each([
  ['a streaming server', false],
  ['a server that answers JSON', true],
])('a model behind %s', (_, plain) => {
  const with_ = { server: { plain } };

  it('decides text and several calls in their order', async () => {
    const reply = message({
      text: 'Let me look around, ünïcödé and all.',
      calls: [
        { name: 'bash', arguments: { command: 'ls -la /tmp' }, id: 'a' },
        { name: 'bash', arguments: { command: 'pwd' }, id: 'b' },
      ],
    });
    const { session } = await served(inOrder(reply), with_);
    expect(await decide(session, firstView)).toMatchObject({
      text: 'Let me look around, ünïcödé and all.',
      calls: [
        { tool: 'bash', arguments: { command: 'ls -la /tmp' }, providerId: 'a' },
        { tool: 'bash', arguments: { command: 'pwd' }, providerId: 'b' },
      ],
      model: 'gpt-4.1',
    });
  });

  it('counts cached and reasoning tokens, and the cost by the price of each', async () => {
    const reply = message({
      text: 'x',
      usage: { input: 1_000_000, output: 100_000, cached: 400_000, reasoning: 50_000 },
    });
    const prices = { 'gpt-4.1': { input: 2, cached: 0.5, output: 8 } };
    const { session } = await served(inOrder(reply), { ...with_, prices });
    const { usage, costUsd } = await decide(session, firstView);
    expect(usage).toEqual({ input: 1_000_000, output: 100_000, cached: 400_000, reasoning: 50_000 });
    expect(costUsd).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.1 * 8);
  });

  it.each([
    ['no JSON', '{"command": "ls'],
    ['no object', '["ls"]'],
  ])('keeps what was written where arguments are %s', async (_, text) => {
    const { session } = await served(inOrder(call('bash', text)), with_);
    const { calls } = await decide(session, firstView);
    expect(calls).toMatchObject([{ tool: 'bash', arguments: {}, malformed: text }]);
  });

  it('says that a refusal is one', async () => {
    const { session } = await served(inOrder(message({ refusal: 'I will not do that.' })), with_);
    expect(await decide(session, firstView)).toMatchObject({
      text: 'I will not do that.',
      calls: [],
      stop: 'refused',
    });
  });

  it('says that an answer was cut at the length limit', async () => {
    const { session } = await served(inOrder(message({ text: 'And then', finish: 'length' })), with_);
    expect(await decide(session, firstView)).toMatchObject({ text: 'And then', stop: 'truncated' });
  });

  it('keeps the reasoning', async () => {
    const { session } = await served(
      inOrder(message({ reasoning: 'Hm, let me think.', text: 'Yes' })),
      with_,
    );
    expect(await decide(session, firstView)).toMatchObject({ reasoning: 'Hm, let me think.', text: 'Yes' });
  });
});

it.each([
  ['nothing', '', {}],
  ['null', 'null', {}],
  ['a JSON text in a JSON text', '"{\\"answer\\": \\"x\\"}"', { answer: 'x' }],
])('reads arguments that are %s', async (_, text, args) => {
  const { session } = await served(inOrder(call('submit', text)));
  const [submit] = (await decide(session, firstView)).calls;
  expect(submit).toEqual({ tool: 'submit', arguments: args, providerId: expect.any(String) });
});

it('counts the tokens of an answer that was not complete', async () => {
  const usage = { input: 1_000_000, output: 0 };
  const { session } = await served(
    inOrder(message({ text: 'Fi', finish: '', usage }), message({ text: 'Fine', usage })),
  );
  expect(await decide(session, firstView)).toMatchObject({ usage: { input: 2_000_000 }, costUsd: 4 });
});

it('does not stop where the model only talks', async () => {
  const { session } = await served(inOrder(message({ text: 'Done, I think.' })));
  const decision = await decide(session, firstView);
  expect(decision.calls).toEqual([]);
  expect(decision).not.toHaveProperty('stop');
});

it('knows no cost for a model without a price', async () => {
  const { session } = await served(inOrder(message({ text: 'x' })), { model: 'home-made' });
  const decision = await decide(session, firstView);
  expect(decision.usage).toEqual({ input: 10, output: 5, cached: 0, reasoning: 0 });
  expect(decision).not.toHaveProperty('costUsd');
});

it('gives tools a name that the API allows, and knows them by it again', async () => {
  const { session, server } = await served(inOrder(call('desk_refund', { order: 1 })));
  const { calls } = await decide(session, firstView);
  expect(server.requests[0]?.tools?.map((tool) => tool.function.name)).toEqual([
    'bash',
    'desk_refund',
    'submit',
  ]);
  expect(calls).toMatchObject([{ tool: 'desk.refund' }]);
});

it('sends the parameters and the key', async () => {
  const parameters = { temperature: 0, seed: 7, parallel_tool_calls: false, reasoning_effort: 'low' };
  const { session, server, agent } = await served(inOrder(message({ text: 'x' })), { parameters });
  await decide(session, firstView);
  expect(server.requests[0]).toMatchObject({ ...parameters, stream: true, model: 'gpt-4.1' });
  expect(server.requests[0]?.headers.authorization).toBe('Bearer key');
  expect(agent.parameters).toEqual({ ...parameters, baseUrl: server.url });
});
