import { describe, expect, it } from 'vitest';
import { hostServer, toolboxes } from './open.ts';

const openToolbox = toolboxes();
const desk = { servers: [hostServer('desk')] };

describe('a toolbox', () => {
  it('lists every tool with its server, placement and schema', async () => {
    const { toolbox } = await openToolbox(desk);
    expect(toolbox.list().map(({ name, placement }) => `${placement} ${name}`)).toEqual([
      'builtin submit',
      'host open_ticket',
      'host context',
      'host purge',
      'host hang',
      'host echo',
      'host long',
    ]);
    const tool = toolbox.list().find(({ name }) => name === 'open_ticket');
    expect(tool?.inputSchema).toMatchObject({
      type: 'object',
      required: ['title'],
      additionalProperties: false,
    });
  });

  it.each([
    [{}, '"title" is missing'],
    [{ title: 5 }, '"title": expected string, got number 5'],
    [{ title: 'ab' }, '"title": must NOT have fewer than 3 characters, got string "ab"'],
    [{ title: 'abc', priority: 'urgent' }, '"priority": expected one of "low", "high", got "urgent"'],
    [{ title: 'abc', day: 1 }, '"day" is not an argument; did you mean "days"?'],
    [{ title: 'abc', days: 1.5 }, '"days": expected integer, got number 1.5'],
  ])('answers arguments that do not fit (%j) with what was expected', async (args, fault) => {
    const { call, toolbox } = await openToolbox(desk);
    const { text, ...result } = await call('open_ticket', args);
    expect(text).toBe(`"open_ticket" was not called, because its arguments do not fit: ${fault}.`);
    expect(result).toMatchObject({ isError: true, errorClass: 'schema', source: 'harness' });
    expect(await toolbox.state('desk')).toEqual({ tickets: [] });
  });

  it('answers an unknown tool with the nearest name and the list', async () => {
    const { call } = await openToolbox(desk);
    const { text, ...result } = await call('open_tickets');
    expect(result).toMatchObject({ isError: true, errorClass: 'unknown-tool', source: 'harness' });
    expect(text).toContain('Did you mean "open_ticket"?');
    expect(text).toContain('submit, open_ticket, context');
  });

  it('hides tools, which then are unknown', async () => {
    const { call, toolbox } = await openToolbox({ ...desk, hide: ['purge', 'hang'] });
    expect(toolbox.list().map(({ name }) => name)).toEqual([
      'submit',
      'open_ticket',
      'context',
      'echo',
      'long',
    ]);
    expect(await call('purge')).toMatchObject({ errorClass: 'unknown-tool' });
  });

  it('puts the server before a name that two servers use', async () => {
    const { call, toolbox } = await openToolbox({ servers: [hostServer('desk'), hostServer('twin')] });
    const names = toolbox.list().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['desk__context', 'twin__context', 'open_ticket']));
    expect(names).not.toContain('context');
    expect((await call('twin__context')).text).toBe('twin');
  });

  it('takes effects from the environment, else from annotations, else from what is known of built-ins', async () => {
    const { toolbox } = await openToolbox({
      ...desk,
      tools: { open_ticket: { effect: 'send', scope: 'shared' } },
    });
    const effects = Object.fromEntries(toolbox.list().map(({ name, declared }) => [name, declared]));
    expect(effects.open_ticket).toMatchObject({ effect: 'send', scope: 'shared', reversible: true });
    expect(effects.context).toMatchObject({ effect: 'read', repeatable: true });
    expect(effects.purge).toMatchObject({ effect: 'delete', reversible: false, scope: 'external' });
    expect(effects.hang).toMatchObject({ effect: 'write', scope: 'local', reversible: true });
    expect(effects.submit).toMatchObject({ effect: 'read' });
  });

  it.each(['hide', 'tools'])('refuses %s of a tool that no server has', async (key) => {
    const value = key === 'hide' ? ['purgee'] : { purgee: { effect: 'read' } };
    await expect(openToolbox({ ...desk, [key]: value })).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/"purgee".*did you mean "purge"\?/),
    });
  });

  it('takes what is submitted', async () => {
    const { call } = await openToolbox({});
    expect(await call('submit', { answer: '42' })).toMatchObject({ isError: false, text: 'Submitted.' });
    expect(await call('submit')).toMatchObject({ isError: false });
    expect(await call('submit', { answer: 42 })).toMatchObject({ errorClass: 'schema' });
  });

  it('refuses tools of a sandbox where there is none', async () => {
    await expect(openToolbox({ builtin: ['bash'] })).rejects.toMatchObject({ code: 'bad-file' });
    const servers = [{ name: 'inside', placement: 'sandbox', command: ['true'] }];
    await expect(openToolbox({ servers })).rejects.toMatchObject({ code: 'bad-file' });
  });

  it('does not open when it is already called off', async () => {
    await expect(openToolbox(desk, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });
});
