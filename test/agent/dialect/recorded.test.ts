import { expect, it } from 'vitest';
import type { DifferentRequest } from '../../../src/agent/agent.ts';
import { chatDialect } from '../../../src/agent/dialect/chat.ts';
import type { ModelSource } from '../../../src/agent/dialect/model-source.ts';
import { type RecordedSourceOptions, recordedSource } from '../../../src/agent/dialect/recorded.ts';
import { json } from './serve.ts';

const asking = { signal: AbortSignal.timeout(5000) };
const exchange = (conversation: string, said: string, path = '/chat/completions') => ({
  conversation,
  path,
  request: { model: 'm', messages: [{ role: 'user', content: said }] },
  answer: json({ said }),
});
const exchanges = [exchange('main', 'one'), exchange('title', 'name it'), exchange('main', 'two')];

function replayed(options: Partial<RecordedSourceOptions> = {}) {
  const different: DifferentRequest[] = [];
  const source = recordedSource({ exchanges, differs: (one) => void different.push(one), ...options });
  const ask = async (conversation: string, content: string, step = 0) => {
    const body = { model: 'm', messages: [{ role: 'user', content }] };
    const answer = await source.answer(
      { dialect: chatDialect, path: '/chat/completions', body, conversation, step },
      asking,
    );
    return JSON.parse(answer.body).said;
  };
  return { source, ask, different };
}

it('answers each conversation in its order, whatever other conversation asks between', async () => {
  const { ask, different } = replayed();
  expect([await ask('main', 'one'), await ask('main', 'two'), await ask('title', 'name it')]).toEqual([
    'one',
    'two',
    'name it',
  ]);
  expect(different).toEqual([]);
});

it('names where a request differs, and answers it all the same', async () => {
  const { ask, different } = replayed();
  await ask('main', 'one');
  expect(await ask('main', 'too', 1)).toBe('two');
  expect(different).toEqual([{ step: 1, path: 'messages[0].content', recorded: 'two', now: 'too' }]);
});

it('takes a conversation that begins otherwise for the next one that nobody has asked for', async () => {
  const { ask, different } = replayed();
  expect([await ask('changed', 'won'), await ask('changed', 'two')]).toEqual(['one', 'two']);
  expect(different).toMatchObject([{ step: 0, path: 'messages[0].content' }]);
});

it('has diverged where the program asks once more than was recorded', async () => {
  const { ask } = replayed();
  await ask('title', 'name it');
  await expect(ask('title', 'and again')).rejects.toMatchObject({ code: 'diverged' });
});

it('hands over to a live model at a step, and where the record ends', async () => {
  const live: ModelSource = {
    answer: async () => json({ said: 'live' }),
    plain: async () => json({ live: true }),
  };
  const fork = replayed({ after: { source: live, fromStep: 1 } });
  expect([await fork.ask('main', 'one', 0), await fork.ask('main', 'two', 1)]).toEqual(['one', 'live']);
  const resumed = replayed({ after: { source: live } });
  expect([await resumed.ask('title', 'name it'), await resumed.ask('title', 'more')]).toEqual([
    'name it',
    'live',
  ]);
});

it('answers what needs no decision from the record, and counts tokens where nothing was recorded', async () => {
  const models = { request: { method: 'GET', path: '/models' }, answer: json({ data: ['m'] }) };
  const { source } = replayed({ plain: [models] });
  expect((await source.plain({ method: 'GET', path: '/models' }, asking)).body).toBe('{"data":["m"]}');
  const body = { messages: ['x'.repeat(400)] };
  const counted = await source.plain({ method: 'POST', path: '/messages/count_tokens', body }, asking);
  expect(JSON.parse(counted.body).input_tokens).toBeGreaterThan(100);
  expect((await source.plain({ method: 'POST', path: '/embeddings' }, asking)).status).toBe(404);
  const bare = replayed().source;
  const listed = await bare.plain({ method: 'GET', path: '/models' }, asking);
  expect(JSON.parse(listed.body).data).toMatchObject([{ id: 'm' }]);
  expect((await bare.plain({ method: 'GET', path: '/models/m' }, asking)).status).toBe(200);
});
