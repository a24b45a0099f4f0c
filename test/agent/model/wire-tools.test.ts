import { expect, it } from 'vitest';
import { wireTools } from '../../../src/agent/model/wire-tools.ts';

const tool = (name: string, inputSchema: Record<string, unknown> = { type: 'object' }, description = '') => ({
  name,
  description,
  inputSchema,
});
const long = 'a'.repeat(65);

it('gives every tool a name of its own that endpoints accept, and knows each by it again', () => {
  const tools = [
    'files.read',
    'files_read',
    'ns/tool',
    'ns tool',
    `${long}1`,
    `${long}2`,
    'größe',
    '7up',
    'toString',
  ];
  const wire = wireTools(
    tools.map((name) => tool(name)),
    'openai',
  );
  const names = wire.tools.map(({ name }) => name);
  expect(new Set(names).size).toBe(tools.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/);
  expect(names.map(wire.toolNamed)).toEqual(tools);
  expect(tools.map(wire.nameOf)).toEqual(names);
  expect(wire.nameOf('files_read')).toBe('files_read');
});

it('takes a plain name that several tools would have for none of them', () => {
  const wire = wireTools([tool('a.b'), tool('a/b')], 'openai');
  expect(wire.toolNamed('a_b')).toBe('a_b');
  expect(wire.nameOf('a b')).toBe('a_b');
  expect(wireTools([tool('a.b')], 'openai').nameOf('a b')).not.toBe('a_b');
});

it('shows what is too long of a description in the system message', () => {
  const description = 'word '.repeat(300);
  const { tools, long } = wireTools([tool('x', {}, description), tool('y', {}, 'short')], 'openai');
  expect(tools).toMatchObject([{ description: expect.stringMatching(/system message\)$/) }, {}]);
  expect(JSON.stringify(tools[0])).toHaveLength(1024 + JSON.stringify(tools[1]).length - 'short'.length);
  expect(long).toMatchObject([{ name: 'x', description }]);
});

it('renames keys of arguments that Anthropic refuses, there and back', () => {
  const schema = {
    type: 'object',
    properties: { 'größe in m': {}, gr__e_in_m: {} },
    required: ['größe in m'],
  };
  const wire = wireTools([tool('x', schema)], 'anthropic');
  const sent = wire.toWire('x', { 'größe in m': 2, gr__e_in_m: 3 });
  for (const key of Object.keys(sent)) expect(key).toMatch(/^[A-Za-z0-9_.-]+$/);
  expect(Object.keys(sent)).toHaveLength(2);
  expect(wire.fromWire('x', sent)).toEqual({ 'größe in m': 2, gr__e_in_m: 3 });
  expect(wireTools([tool('x', schema)], 'openai').toWire('x', { 'größe in m': 2 })).toEqual({
    'größe in m': 2,
  });
});
