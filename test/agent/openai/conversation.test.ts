import { expect, it } from 'vitest';
import type { Json } from '../../../src/schema/json.ts';
import { call, message } from '../../model-server/reply.ts';
import { inOrder } from '../../model-server/server.ts';
import { brief, decide, firstView, viewAfter } from '../view.ts';
import { served } from './agent.ts';

const thinking = message({
  reasoning: 'First I look.',
  calls: [{ name: 'bash', arguments: { command: 'ls' }, id: 'a', extra_content: { signature: 'xyz' } }],
});

it('rebuilds the conversation from the view alone', async () => {
  const { session, agent, server } = await served(
    inOrder(call('bash', { command: 'ls' }), message({ text: 'x' })),
  );
  const decision = await decide(session, firstView);
  const fresh = await agent.open(brief);
  await decide(fresh, viewAfter(firstView, decision, ['a.txt'], 'One step is left.'));
  const sent = server.requests[1]?.messages ?? [];
  expect(sent[0]?.content).toContain('Be kind.');
  expect(sent.slice(1)).toEqual([
    { role: 'user', content: 'Count the files.' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call_0_0', type: 'function', function: { name: 'bash', arguments: '{"command":"ls"}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_0_0', content: 'a.txt' },
    { role: 'user', content: 'One step is left.' },
  ]);
});

it('sends reasoning and signatures back verbatim to the same model', async () => {
  const { session, server } = await served(inOrder(thinking));
  const view = viewAfter(firstView, await decide(session, firstView), ['a.txt']);
  await decide(session, view);
  expect(server.requests[1]?.messages[2]).toMatchObject({
    reasoning_content: 'First I look.',
    tool_calls: [{ id: 'a', extra_content: { signature: 'xyz' } }],
  });
});

it('keeps them from another model', async () => {
  const { session, server } = await served(inOrder(thinking));
  const view = viewAfter(firstView, await decide(session, firstView), ['a.txt']);
  const other = await served(inOrder(), { model: 'gpt-5' });
  await decide(other.session, view);
  expect(server.requests).toHaveLength(1);
  const sent = JSON.stringify(other.server.requests[0]?.messages);
  expect(sent).toContain('a.txt');
  expect(sent).not.toContain('First I look.');
  expect(sent).not.toContain('xyz');
});

it('answers every call of a decision, and sends malformed arguments as JSON', async () => {
  const reply = message({
    calls: [
      { name: 'bash', arguments: '{"command": ' },
      { name: 'bash', arguments: {} },
    ],
  });
  const { session, server } = await served(inOrder(reply));
  await decide(session, viewAfter(firstView, await decide(session, firstView), ['No JSON.']));
  const [asked, ...results] = server.requests[1]?.messages.slice(2) ?? [];
  expect(asked?.tool_calls).toMatchObject([
    { function: { arguments: '{"malformed":"{\\"command\\": "}' } },
    {},
  ]);
  expect(results.map(({ role, content }) => [role, content])).toEqual([
    ['tool', 'No JSON.'],
    ['tool', 'This call was not made.'],
  ]);
});

it('sends every call back with an id of its own, whatever ids came', async () => {
  const same = (...ids: string[]) =>
    message({ calls: ids.map((id) => ({ name: 'bash', arguments: {}, id })) });
  const { session, server } = await served(inOrder(same('a', 'a'), same('a', '')));
  const first = viewAfter(firstView, await decide(session, firstView), ['', '']);
  await decide(session, viewAfter(first, await decide(session, first), ['', '']));
  const sent = server.requests[2]?.messages ?? [];
  const asked = sent.flatMap(({ tool_calls = [] }) => (tool_calls as { id: string }[]).map(({ id }) => id));
  expect(asked).toEqual(['a', 'call_0_1', 'call_1_0', 'call_1_1']);
  expect(sent.flatMap(({ tool_call_id }) => tool_call_id ?? [])).toEqual(asked);
});

it('keeps integers that a double can’t hold as the model wrote them', async () => {
  const written = '{"id": 1234567890123456789, "text": "1234567890123456789", "n": 1.5}';
  const { session, server } = await served(inOrder(call('bash', written)));
  const decision = await decide(session, firstView);
  const exact = '{"id":1234567890123456789,"text":"1234567890123456789","n":1.5}';
  expect(decision.calls[0]).toMatchObject({ exact });
  await decide(session, viewAfter(firstView, decision, ['']));
  expect(server.requests[1]?.messages[2]?.tool_calls).toMatchObject([{ function: { arguments: exact } }]);
});

it('reminds a model that only talked', async () => {
  const { session, server } = await served(inOrder(message({ text: 'Hello' })));
  await decide(session, viewAfter(firstView, await decide(session, firstView), []));
  expect(server.requests[1]?.messages.at(-1)).toMatchObject({
    role: 'user',
    content: expect.stringContaining('submit'),
  });
});

it('shows images after the results of their step', async () => {
  const { session, server } = await served(inOrder(call('bash')));
  const view = viewAfter(firstView, await decide(session, firstView), ['']);
  view.steps[0]?.observations[0]?.content.push({ type: 'image', mimeType: 'image/png', data: 'AAAA' });
  await decide(session, view);
  expect(server.requests[1]?.messages.at(-1)).toMatchObject({
    role: 'user',
    content: [{}, { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
  });
});

it('tells the whole request first, then what was appended', async () => {
  const asked: [Json, boolean][] = [];
  const listen = { asked: (request: Json, appended: boolean) => void asked.push([request, appended]) };
  const { session, server } = await served(inOrder(call('bash')));
  const view = viewAfter(firstView, await decide(session, firstView, listen), ['a.txt']);
  await decide(session, view, listen);
  const [first, second] = server.requests.map(({ headers, ...body }) => body);
  expect(asked).toEqual([
    [first, false],
    [{ messages: second?.messages.slice(2) }, true],
  ]);
});

it('tells the whole request again where the tools have changed', async () => {
  const asked: boolean[] = [];
  const listen = { asked: (_: Json, appended: boolean) => void asked.push(appended) };
  const { session } = await served(inOrder(call('bash')));
  const view = viewAfter(firstView, await decide(session, firstView, listen), ['a.txt']);
  await decide(session, { ...view, tools: view.tools.slice(1) }, listen);
  expect(asked).toEqual([false, false]);
});
