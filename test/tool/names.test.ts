import { describe, expect, it } from 'vitest';
import { toolboxes } from './open.ts';
import { answer, rawServer } from './raw-server.ts';

const openToolbox = toolboxes();
const tool = (name: string, type = 'object') => ({ name, inputSchema: { type } });

/** A server with these tools. */
async function serverWith(name: string, ...tools: object[]) {
  const url = await rawServer(({ id, method }, response) =>
    method === 'tools/list' ? (answer(response, id, { tools }) ?? true) : undefined,
  );
  return { name, placement: 'remote', url };
}

const open = async (...servers: Awaited<ReturnType<typeof serverWith>>[]) => {
  const opened = await openToolbox({ servers });
  return { ...opened, names: opened.toolbox.list().map(({ name }) => name) };
};

describe('the names of tools', () => {
  it('are told apart where servers share them, whatever else is called so, and each calls its own', async () => {
    const { names, call, toolbox } = await open(
      await serverWith('one', tool('x'), tool('y')),
      await serverWith('two', tool('x'), tool('one__x')),
    );
    expect(names).toEqual(['submit', 'one__x_', 'y', 'two__x', 'one__x']);
    const servers = names.map((name) => toolbox.list().find((tool) => tool.name === name)?.server);
    expect(servers).toEqual(['builtin', 'one', 'one', 'two', 'two']);
    expect((await call('one__x')).text).toBe('called one__x');
    expect((await call('one__x_')).text).toBe('called x');
  });

  it('stay with the first tool of a server that has two of one name, and the other is named', async () => {
    const { names, heard } = await open(await serverWith('one', tool('x'), tool('x'), tool('submit')));
    expect(names).toEqual(['submit', 'x', 'one__submit']);
    expect(heard).toEqual([
      {
        server: 'one',
        method: 'proctor/tool-refused',
        params: 'the tool "x" is listed more than once; the first one is kept',
      },
    ]);
  });

  it('of every object are names as others are', async () => {
    const all = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
    const { names, call } = await open(await serverWith('one', ...all.map((name) => tool(name))));
    expect(names).toEqual(['submit', ...all]);
    for (const name of all) expect((await call(name)).text).toBe(`called ${name}`);
  });
});
