import { expect, test } from 'vitest';
import { humanAgent } from '../../src/agent/human.ts';
import type { View } from '../../src/schema/view.ts';

const view: View = {
  task: 'a task',
  instruction: 'Find the order.',
  tools: [
    {
      name: 'get_order',
      description: 'Shows an order.',
      inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    },
  ],
  steps: [],
  remaining: { steps: 5 },
};
const options = { signal: new AbortController().signal, asked: () => {} };
const brief = { trial: 't', task: { name: 'a task', dir: '' }, seed: '0' };

function typing(...lines: string[]) {
  const said: string[] = [];
  return { said, say: (text: string) => void said.push(text), ask: async () => lines.shift() };
}

test('a person reads the task and decides by a typed call, after looking things up', async () => {
  const prompter = typing('help', 'get_ordr x', 'get_order O-1');
  const session = await humanAgent(prompter).open(brief);
  expect(await session.decide(view, options)).toEqual({
    calls: [{ tool: 'get_order', arguments: { id: 'O-1' } }],
  });
  expect(prompter.said[0]).toContain('Find the order.');
  expect(prompter.said[0]).toContain('get_order id: Shows an order.');
  expect(prompter.said.at(-1)).toBe('there is no tool or command "get_ordr"; try: tools');
});

test('a person who leaves, or whose input ends, gives up', async () => {
  for (const lines of [['exit'], []]) {
    const session = await humanAgent(typing(...lines)).open(brief);
    expect(await session.decide(view, options)).toEqual({ calls: [], stop: 'done' });
  }
});

test('one person does one trial at a time', async () => {
  const agent = humanAgent(typing());
  const first = await agent.open(brief);
  let opened = false;
  const second = agent.open(brief).then(() => {
    opened = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened).toBe(false);
  await first.close();
  await second;
  expect(opened).toBe(true);
});
