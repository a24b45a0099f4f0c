import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { engine, engineNote } from '../engine.ts';
import { fixtureDir, toolboxes } from './open.ts';
import { providers, toolSandbox } from './sandboxes.ts';

const program = '/opt/mcp_server.py';
const serversOf = (mode = 'normal') => [
  { name: 'inside', placement: 'sandbox', command: ['python3', program, mode] },
];

describe.skipIf(!engine)(`a server inside the sandbox${engineNote}`, () => {
  const openToolbox = toolboxes();
  let provider: SandboxProvider;
  let sandbox: Sandbox;
  beforeAll(async () => {
    provider = providers.docker();
    const content = await readFile(join(fixtureDir, 'mcp_server.py'));
    await provider.prepare(toolSandbox, () => {});
    sandbox = await provider.open({ ...toolSandbox, files: [{ path: program, content }] });
  });
  afterAll(async () => {
    await sandbox?.close();
    await provider?.close();
  });
  const open = (config = {}, options = {}) =>
    openToolbox({ servers: serversOf(), ...config }, { sandbox, ...options });

  it('is called over its streams, characters split anywhere', async () => {
    const { call, toolbox } = await open();
    expect(toolbox.list().find(({ name }) => name === 'echo')).toMatchObject({
      server: 'inside',
      placement: 'sandbox',
    });
    const result = await call('echo', { text: 'äöü€😀\n' });
    expect(JSON.parse(result.text)).toEqual({ text: 'äöü€😀\n' });
  });

  it('has its log lines and garbage reported, which do no harm', async () => {
    const { call, heard } = await open();
    expect((await call('log')).text).toBe('logged');
    expect((await call('garbage')).text).toBe('after garbage');
    expect(heard).toEqual([
      { server: 'inside', method: 'notifications/message', params: { level: 'info', data: 'ü' } },
      { server: 'inside', method: 'proctor/stdout', params: 'Starting up...' },
      { server: 'inside', method: 'proctor/stdout', params: '{"half": ' },
    ]);
  });

  it('may change its list of tools, which is new when the call returns', async () => {
    const { call, toolbox } = await open();
    expect((await call('grown')).errorClass).toBe('unknown-tool');
    await call('grow');
    expect(toolbox.list().map(({ name }) => name)).toContain('grown');
  });

  it('lists its tools over as many pages as it likes', async () => {
    const { toolbox } = await open();
    expect(toolbox.list().filter(({ server }) => server === 'inside')).toHaveLength(18);
  });

  it('is heard while it is at work, and told when a call is given up', async () => {
    const { call, heard } = await open();
    expect((await call('progress')).text).toBe('done');
    expect(heard.map(({ method, params }) => [method, params])).toEqual(
      [1, 2].map((progress) => ['notifications/progress', { progress, total: 2 }]),
    );
    expect(await call('wait', {}, { timeoutMs: 200 })).toMatchObject({ errorClass: 'timeout' });
    expect(JSON.parse((await call('cancelled')).text)).toEqual([expect.stringContaining('timed out')]);
  });

  it('has embedded resources, links and structured output kept whole, and read as text', async () => {
    const { call } = await open();
    const { content, text } = await call('resources');
    expect(content.map(({ type }) => type)).toEqual(['other', 'other', 'other', 'audio']);
    expect(content[1]).toMatchObject({ json: expect.stringContaining('"blob":"AAAA"') });
    expect(text.split('\n')).toEqual([
      '[resource note://1]',
      'Buy milk.',
      '[resource pic://1: image/png, 3 bytes, not shown]',
      '[link to the resource note://2: second] More of it.',
      '[audio audio/wav]',
    ]);
    expect(await call('figures')).toMatchObject({ text: '{"total":3}', structured: { total: 3 } });
  });

  it('may describe its arguments with references, unions and tuples of an older draft', async () => {
    const { call } = await open();
    expect((await call('shaped', { at: { x: 1 }, by: ['a', 2] })).text).toBe('fits');
    expect((await call('shaped', { at: {} })).text).toContain('"at.x" is missing');
    expect((await call('shaped', { at: { x: 1 }, by: ['a', 'b'] })).text).toContain(
      '"by.1": expected integer',
    );
  });

  it('is answered what its environment has ready, the same each time', async () => {
    const answers = { sampling: 'Forty-two.', elicitation: { name: 'Ada', unasked: 1 }, roots: ['/data'] };
    const { call, heard } = await open({ servers: serversOf().map((one) => ({ ...one, answers })) });
    const request = async (method: string, params: object = {}) =>
      JSON.parse((await call('request', { method, params: params as never })).text).result;
    expect(await request('sampling/createMessage', { messages: [], maxTokens: 1 })).toMatchObject({
      role: 'assistant',
      content: { type: 'text', text: 'Forty-two.' },
    });
    const asked = (required: string[]) => ({
      message: 'Who?',
      requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required },
    });
    expect(await request('elicitation/create', asked(['name']))).toEqual({
      action: 'accept',
      content: { name: 'Ada' },
    });
    expect(await request('elicitation/create', asked(['age']))).toEqual({ action: 'decline' });
    expect(await request('roots/list')).toEqual({ roots: [{ uri: 'file:///data', name: '/data' }] });
    expect(heard.filter(({ method }) => method === 'proctor/answered')).toHaveLength(4);
  });

  it('may ask, and is answered a ping but refused a model', async () => {
    const { call, heard } = await open();
    const [ping, sampling] = JSON.parse((await call('ask')).text);
    expect(ping).toMatchObject({ result: {} });
    expect(sampling.error.message).toContain('Proctor does not offer sampling/createMessage');
    expect(heard).toContainEqual(expect.objectContaining({ method: 'sampling/createMessage' }));
  });

  it('is given up on when it hangs', async () => {
    const { call } = await open();
    expect(await call('hang', {}, { timeoutMs: 200 })).toMatchObject({
      isError: true,
      errorClass: 'timeout',
    });
  });

  it('has an answer past the capture cap dropped, and goes on', async () => {
    const { call } = await open();
    const huge = await call('huge');
    expect(huge).toMatchObject({ isError: true, errorClass: 'tool', captureCut: true });
    expect(await call('echo')).toMatchObject({ isError: false });
  });

  it('makes a tool error of what is no tool result', async () => {
    const { call } = await open();
    expect(await call('odd')).toMatchObject({ isError: true, errorClass: 'tool' });
  });

  it.each([
    ['crash', /^Tool server "inside" failed: it ended with exit code 7; last stderr line: out of cheese$/],
    ['flood', /^Tool server "inside" failed: it wrote more than 1000 lines/],
  ])('that goes by itself (%s) is the harness’s failure', async (tool, message) => {
    const { call } = await open();
    await expect(call(tool)).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringMatching(message),
    });
    await expect(call('echo')).rejects.toMatchObject({ code: 'tool-server-failed' });
  });

  it('that an agent with a shell may have killed is an error for the agent', async () => {
    const { call } = await open({ builtin: ['bash'] });
    await call('bash', { command: 'pkill -KILL -f mcp_server' });
    const { text, ...result } = await call('echo');
    expect(result).toMatchObject({ isError: true, errorClass: 'server-gone', source: 'tool' });
    expect(text).toMatch(/^The server of "echo" is gone \(it ended/);
    expect((await call('bash', { command: 'echo still here' })).text).toBe('still here\n');
  });

  it.each([
    ['crash', /did not start: it ended with exit code 1; last stderr line: no database found$/],
    ['flood', /did not start: it wrote more than 1000 lines on stdout that are no MCP messages$/],
  ])('that does not start (%s) is named in one line, with its last stderr line', async (mode, message) => {
    await expect(open({ servers: serversOf(mode) })).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringMatching(message),
    });
  });

  it('that never answers is named with the time it was given', async () => {
    const command = ['sh', '-c', 'echo still loading >&2; sleep 600'];
    const servers = [{ name: 'inside', placement: 'sandbox', command }];
    await expect(open({ servers }, { startTimeoutMs: 3000 })).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringMatching(/did not start: no answer within 3 s; last stderr line: still loading$/),
    });
  });

  it('that is no program is named as well', async () => {
    const servers = [{ name: 'inside', placement: 'sandbox', command: ['no-such-server'] }];
    await expect(open({ servers })).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringContaining(
        'Tool server "inside" (no-such-server) did not start: it ended with exit code 127',
      ),
    });
  });

  it('is ended with the toolbox', async () => {
    const { toolbox } = await open();
    await toolbox.close();
    const left = async () =>
      (await sandbox.exec('pgrep -fc mcp_server.py', { as: 'harness' })).stdout.toString();
    await expect.poll(left, { timeout: 5_000 }).toBe('0\n');
  });
});

describe.skipIf(!engine)(`a server that the image of a sandbox starts by itself${engineNote}`, () => {
  const openToolbox = toolboxes();
  const serverAt = (port: number, start_timeout_seconds: number) => ({
    name: 'own',
    placement: 'remote',
    url: `http://localhost:${port}/mcp`,
    headers: { 'x-team': 'red' },
    inside: true,
    start_timeout_seconds,
  });

  it('is reached at its localhost, which has no network, and missed there by name', async () => {
    const provider = providers.docker();
    const content = await readFile(join(fixtureDir, 'http_server.py'));
    const sandbox = await provider.open({ ...toolSandbox, files: [{ path: '/opt/server.py', content }] });
    try {
      await sandbox.exec('setsid python3 /opt/server.py 8123 > /dev/null 2>&1 &', { as: 'harness' });
      const { call, toolbox } = await openToolbox({ servers: [serverAt(8123, 30)] }, { sandbox });
      expect(toolbox.list()).toContainEqual(expect.objectContaining({ name: 'team', placement: 'sandbox' }));
      for (const pause of [0, 1, 5, 20]) {
        expect((await call('team')).text).toBe('team red');
        await sleep(pause);
      }
      await expect(openToolbox({ servers: [serverAt(9, 1)] }, { sandbox })).rejects.toMatchObject({
        code: 'tool-server-failed',
        message: expect.stringMatching(/"own" at http:\/\/localhost:9\/mcp .* nothing listens on its port/),
      });
    } finally {
      await sandbox.close();
      await provider.close();
    }
  }, 60_000);
});

describe('a server inside a sandbox that runs no programs', () => {
  const openToolbox = toolboxes();
  it('is refused', async () => {
    const provider = providers.embedded();
    const sandbox = await provider.open(toolSandbox);
    await expect(openToolbox({ servers: serversOf() }, { sandbox })).rejects.toMatchObject({
      code: 'unsupported',
    });
    await sandbox.close();
  });
});
