import { expect, test } from 'vitest';
import type { ListedTool } from '../../src/schema/trace-event.ts';
import { formedToolbox } from '../../src/tool/formed-toolbox.ts';
import type { Toolbox } from '../../src/tool/toolbox.ts';

const listed = ['read', 'note', 'close'].map(
  (name) =>
    ({
      name,
      description: `Use it to write every whole ${name}.`,
      inputSchema: { type: 'object' },
    }) as unknown as ListedTool,
);
const toolbox: Toolbox = {
  list: () => listed,
  call: async (tool) => ({
    content: [{ type: 'text', text: tool }],
    isError: false,
    source: 'tool',
    captureCut: false,
    durationMs: 0,
  }),
  state: async () => null,
  close: async () => {},
};

test('tools are listed in another order and described in other words, and called as before', async () => {
  const formed = formedToolbox(toolbox, {
    order: { strength: 3, seed: 'b' },
    descriptions: { strength: 2, seed: 'b' },
  });
  const now = formed.list();
  expect(now.map(({ name }) => name)).not.toEqual(listed.map(({ name }) => name));
  expect(now.map(({ name }) => name).toSorted()).toEqual(['close', 'note', 'read']);
  for (const { description } of now) expect(description).toMatch(/^Use it to (put|record) each complete/);
  expect(formed.list()).toBe(now);
  const options = { signal: new AbortController().signal, timeoutMs: 1 };
  expect((await formed.call('note', {}, options)).content).toEqual([{ type: 'text', text: 'note' }]);
});

test('a toolbox without a form of its own stays what it is', () => {
  expect(formedToolbox(toolbox)).toBe(toolbox);
});
