import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { hostServer, toolboxes } from './open.ts';
import { providers, toolSandbox } from './sandboxes.ts';

const openToolbox = toolboxes();
const desk = { servers: [hostServer('desk')] };

describe('a host module', () => {
  it('answers over MCP with text, and JSON as text', async () => {
    const { call } = await openToolbox(desk);
    const { text, ...result } = await call('open_ticket', { title: 'Broken lamp' });
    expect(JSON.parse(text)).toEqual({ id: 1, title: 'Broken lamp', priority: 'low' });
    expect(result).toMatchObject({ isError: false, source: 'tool', captureCut: false });
  });

  it('gets integers beyond doubles as bigints, and may return them', async () => {
    const { call } = await openToolbox(desk);
    const exact = '{"id":1234567890123456789,"of":7}';
    const { text } = await call('echo', JSON.parse(exact), { exact });
    expect(text).toBe('{"id":1234567890123456789,"of":7,"kinds":["bigint","number"]}');
  });

  it('has the same random numbers, time and data for the same seed, and others for another', async () => {
    const data = { agents: ['ann'] };
    const contextOf = async (seed: string) => {
      const { call } = await openToolbox(desk, { seed, data });
      return JSON.parse((await call('context')).text);
    };
    const context = await contextOf('one');
    expect(context).toMatchObject({ now: '2026-03-01T09:00:00.000Z', data, seed: 'one' });
    expect(await contextOf('one')).toEqual(context);
    expect((await contextOf('two')).random).not.toEqual(context.random);
  });

  it('keeps its state apart from other trials, and tells a copy of it', async () => {
    const [one, two] = [await openToolbox(desk), await openToolbox(desk)];
    const before = await one.toolbox.state('desk');
    await one.call('open_ticket', { title: 'First' });
    expect(before).toEqual({ tickets: [] });
    expect(await one.toolbox.state('desk')).toEqual({ tickets: ['First'] });
    expect(await two.toolbox.state('desk')).toEqual({ tickets: [] });
  });

  it('cannot be asked for a state it does not have', async () => {
    const { toolbox } = await openToolbox({ servers: [hostServer('twin')] });
    for (const name of ['twin', 'none']) {
      await expect(toolbox.state(name)).rejects.toMatchObject({ code: 'bad-file' });
    }
  });

  it('makes a tool error of what it throws', async () => {
    const { call } = await openToolbox(desk);
    expect(await call('purge')).toMatchObject({
      isError: true,
      errorClass: 'tool',
      source: 'tool',
      text: 'not allowed on Sundays',
    });
  });

  it('is given up on when it never answers, and told so', async () => {
    const { call, heard } = await openToolbox(desk);
    const late = await call('hang', {}, { timeoutMs: 50 });
    expect(late).toMatchObject({ isError: true, errorClass: 'timeout' });
    expect(late.text).toContain('0.05 s');
    expect(heard).toContainEqual({
      server: 'desk',
      method: 'notifications/message',
      params: { level: 'info', data: 'told to stop' },
    });
    expect(await call('context')).toMatchObject({ isError: false });
  });

  it('is interrupted by its signal', async () => {
    const { call } = await openToolbox(desk);
    const controller = new AbortController();
    const waiting = call('hang', {}, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
    await expect(call('context', {}, { signal: controller.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('has its answers cut at the capture cap, on a whole character', async () => {
    const { call } = await openToolbox(desk, { captureBytes: 1001 });
    const { text, captureCut } = await call('long');
    expect({ text, captureCut }).toEqual({ text: 'ü'.repeat(500), captureCut: true });
  });

  it('is closed with the toolbox', async () => {
    const { toolbox, heard } = await openToolbox(desk);
    await toolbox.close();
    expect(heard.at(-1)).toMatchObject({ params: { data: 'closed' } });
  });

  it.each([
    ['no-default.js', 'no-default.js: expected a default export that is a function of its context, got'],
    ['missing.ts', 'missing.ts: cannot be loaded'],
    ['ill-formed.js', 'ill-formed.js: tools[0].description'],
    ['throwing.js', 'throwing.js: the default export failed: no seed data'],
  ])('that is wrong (%s) is the mistake of its author', async (module, message) => {
    const opening = openToolbox({ servers: [hostServer('wrong', module), hostServer('desk')] });
    await expect(opening).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining(message),
    });
  });

  it('whose default export never returns is given up on', async () => {
    const opening = openToolbox({ servers: [hostServer('shop', 'endless.js')] }, { startTimeoutMs: 300 });
    await expect(opening).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringMatching(
        /^Tool server "shop" failed: .*endless\.js: the default export did not answer within 0\.3 s$/,
      ),
    });
  });
});

describe('a host module with a sandbox', () => {
  const clerk = { servers: [hostServer('clerk')] };
  const provider = providers.embedded();
  const inSandbox = async () => {
    const sandbox = await provider.open(toolSandbox);
    return { sandbox, ...(await openToolbox(clerk, { sandbox })) };
  };
  afterAll(() => provider.close());

  it('runs commands in it, and writes, reads, collects and surveys its files', async () => {
    const { call } = await inSandbox();
    const { text } = await call('file_note', { note: 'ünder' });
    expect(JSON.parse(text)).toEqual({
      shown: 'ünder',
      exitCode: 3,
      read: 'ünder',
      collected: 'ünder',
      surveyed: [`${toolSandbox.workdir}/note`],
      health: { alive: true },
    });
  });

  it('ends a command there when its call is given up', async () => {
    const { call, sandbox, heard } = await inSandbox();
    expect(await call('wait', {}, { timeoutMs: 100 })).toMatchObject({ errorClass: 'timeout' });
    await expect.poll(() => heard.at(-1)).toMatchObject({ method: 'notifications/message' });
    expect(await sandbox.exec('echo free')).toMatchObject({ exitCode: 0 });
  });

  it('that left a command running does not hand its thread to the next trial', async () => {
    const madeIn = async (tool: string, args = {}) => {
      const { call, toolbox } = await inSandbox();
      await call(tool, args);
      const { made } = (await toolbox.state('clerk')) as { made: number };
      await toolbox.close();
      return made;
    };
    const first = await madeIn('file_note', { note: 'one' });
    expect(await madeIn('leave_command')).toBe(first + 1);
    expect(await madeIn('file_note', { note: 'two' })).not.toBe(first + 2);
  });

  it('that left a timer behind does not reach the sandbox of the next trial', async () => {
    const { call, toolbox } = await inSandbox();
    await call('leave_timer');
    await toolbox.close();
    const { sandbox } = await inSandbox();
    await sleep(1_000);
    expect(await sandbox.files.survey([`${toolSandbox.workdir}/late`])).toEqual({});
  });

  it('throws what is wrong with it, which is not the fault of the agent', async () => {
    const { call, sandbox } = await inSandbox();
    await sandbox.close();
    await expect(call('file_note', { note: 'late' })).rejects.toMatchObject({ code: 'sandbox-broken' });
  });
});
