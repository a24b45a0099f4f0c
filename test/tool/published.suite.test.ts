import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { engine, engineNote } from '../engine.ts';
import { nodeDockerfile } from './node-image.ts';
import { toolboxes } from './open.ts';
import { commandOf, publishedServers } from './published.ts';
import { providers, toolSandbox } from './sandboxes.ts';

const data = '/home/agent/work';
const inside = (name: string, command: string[], more = {}) => ({
  name,
  placement: 'sandbox',
  command,
  ...more,
});
const filesystem = inside('filesystem', commandOf('filesystem', data));
const memory = inside('memory', commandOf('memory'), { env: { MEMORY_FILE_PATH: `${data}/memory.json` } });
const everything = inside('everything', commandOf('everything'));
const thinking = inside('thinking', commandOf('sequential-thinking'));
const overHttp = inside('http', commandOf('everything', 'streamableHttp'), { port: 3001 });

describe.skipIf(!engine)(`published servers in the container${engineNote}`, () => {
  const openToolbox = toolboxes();
  const context = mkdtempSync(join(tmpdir(), 'proctor-image-'));
  let provider: SandboxProvider;
  let sandbox: Sandbox;
  beforeAll(async () => {
    provider = providers.docker();
    writeFileSync(join(context, 'Dockerfile'), nodeDockerfile);
    const spec = {
      ...toolSandbox,
      image: { kind: 'build' as const, context },
      limits: { memoryMb: 1024, cpus: 2, pids: 256 },
    };
    await provider.prepare(spec, () => {});
    sandbox = await provider.open({ ...spec, files: publishedServers() });
  }, 400_000);
  afterAll(async () => {
    await sandbox?.close();
    await provider?.close();
    rmSync(context, { recursive: true });
  });
  const open = (servers: object[], more = {}) => openToolbox({ servers, ...more }, { sandbox });

  it('are called over HTTP on a port of a sandbox without a network', async () => {
    const { call, toolbox, heard } = await open([overHttp]);
    expect(toolbox.list()).toContainEqual(expect.objectContaining({ name: 'get-sum', placement: 'sandbox' }));
    for (let a = 0; a < 20; a++) expect((await call('get-sum', { a, b: 1 })).text).toContain(`is ${a + 1}.`);
    expect(heard).toContainEqual(expect.objectContaining({ server: 'http', method: 'proctor/stdout' }));
    await toolbox.close();
  });

  it('that offer everything are understood: resources, pictures, structure, progress, and what they ask for', async () => {
    const answers = { sampling: 'Forty-two.', elicitation: 'decline', roots: ['/data'] };
    const { call, toolbox, heard } = await open([{ ...everything, answers }]);
    const names = toolbox.list().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['trigger-sampling-request', 'trigger-elicitation-request']),
    );
    const links = await call('get-resource-links', { count: 2 });
    expect(links.content.filter(({ type }) => type === 'other')).toHaveLength(2);
    expect(links.text).toContain('[link to the resource demo://resource/dynamic/');
    const embedded = { resourceType: 'Text', resourceId: 1 };
    expect((await call('get-resource-reference', embedded)).text).toContain(
      '[resource demo://resource/dynamic/text/1]',
    );
    expect((await call('get-tiny-image')).content).toContainEqual(
      expect.objectContaining({ type: 'image', mimeType: 'image/png' }),
    );
    expect((await call('get-structured-content', { location: 'Chicago' })).structured).toHaveProperty(
      'temperature',
    );
    await call('trigger-long-running-operation', { duration: 0.2, steps: 2 });
    expect(heard.filter(({ method }) => method === 'notifications/progress')).toHaveLength(2);
    expect((await call('trigger-sampling-request', { prompt: 'What?' })).text).toContain('Forty-two.');
    expect((await call('trigger-elicitation-request')).text).toContain('declined');
    expect(heard.filter(({ method }) => method === 'proctor/answered').length).toBeGreaterThanOrEqual(2);
    await toolbox.close();
  });

  it('have resources and prompts that become tools where the environment offers them', async () => {
    const { call, toolbox } = await open([{ ...everything, offer: ['resources', 'prompts'] }]);
    expect(toolbox.list()).toContainEqual(
      expect.objectContaining({
        name: 'read_resource',
        declared: expect.objectContaining({ effect: 'read' }),
      }),
    );
    expect((await call('list_resources')).text).toMatch(/^demo:\/\/resource\/static\/document\/\S+: .+$/m);
    expect((await call('list_resources')).text).toContain('demo://resource/dynamic/text/{resourceId}: ');
    const read = await call('read_resource', { uri: 'demo://resource/dynamic/text/1' });
    expect(read).toMatchObject({ isError: false, text: expect.stringContaining('Resource 1: ') });
    expect(await call('read_resource', { uri: 'demo://nowhere' })).toMatchObject({
      isError: true,
      errorClass: 'tool',
    });
    expect(await call('read_resource', {})).toMatchObject({ errorClass: 'schema' });
    expect((await call('list_prompts')).text).toContain('args-prompt(city, [state])');
    const prompt = await call('get_prompt', { name: 'args-prompt', arguments: { city: 'Bergen' } });
    expect(prompt.text).toMatch(/^user:\n.*Bergen/);
    await toolbox.close();
    await expect(open([{ ...memory, offer: ['prompts'] }])).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining(
        'server "memory": "offer" names prompts, of which this server has none',
      ),
    });
  });

  it('stay one session of some 200 calls', async () => {
    const { call, toolbox } = await open([filesystem, memory, everything, thinking, overHttp]);
    let calls = 0;
    const ok = async (tool: string, args: object) => {
      calls++;
      const result = await call(tool, args as never);
      expect(result, `${tool}: ${result.text}`).toMatchObject({ isError: false });
      return result.text;
    };
    for (let turn = 0; turn < 25; turn++) {
      await ok('write_file', { path: `${data}/${turn}.txt`, content: `turn ${turn}` });
      expect(await ok('read_text_file', { path: `${data}/${turn}.txt` })).toBe(`turn ${turn}`);
      await ok('create_entities', {
        entities: [{ name: `turn ${turn}`, entityType: 'turn', observations: [`${turn}`] }],
      });
      expect(await ok('open_nodes', { names: [`turn ${turn}`] })).toContain(`"turn ${turn}"`);
      expect(await ok('everything__echo', { message: `${turn}` })).toContain(`${turn}`);
      expect(await ok('everything__get-sum', { a: turn, b: turn })).toContain(`is ${2 * turn}.`);
      expect(await ok('http__get-sum', { a: turn, b: 1 })).toContain(`is ${turn + 1}.`);
      await ok('sequentialthinking', {
        thought: `${turn}`,
        nextThoughtNeeded: true,
        thoughtNumber: turn + 1,
        totalThoughts: 25,
      });
    }
    expect(calls).toBe(200);
    await toolbox.close();
    const state = await sandbox.files.survey([data]);
    expect(Object.keys(state)).toContain(`${data}/24.txt`);
    expect(Object.keys(state)).toContain(`${data}/memory.json`);
  }, 60_000);

  it.each([
    ['over stdio', everything, 'get-sum', 'server-everything/dist/index.js$'],
    ['over HTTP', overHttp, 'get-sum', 'streamableHttp$'],
  ])(
    'that are killed midway (%s) are named as the harness’s failure, with their exit',
    async (_, server, tool, pattern) => {
      const { call } = await open([server]);
      for (let a = 0; a < 5; a++) await call(tool, { a, b: 1 });
      const under = call('trigger-long-running-operation', { duration: 30, steps: 30 });
      const failed = expect(under).rejects.toMatchObject({
        code: 'tool-server-failed',
        message: expect.stringContaining(`Tool server "${server.name}" failed: it ended with exit code 137`),
      });
      await sandbox.exec(`sleep 0.5; pkill -KILL -f '${pattern}'`, { as: 'harness' });
      await failed;
      await expect(call(tool, { a: 1, b: 1 })).rejects.toMatchObject({
        code: 'tool-server-failed',
        message: expect.stringContaining('it ended with exit code 137'),
      });
    },
  );

  it.each([
    [
      'ends at once',
      ['node', '-e', 'console.error("no such mode"); process.exit(3)'],
      'it ended with exit code 3; last stderr line: no such mode',
    ],
    ['listens nowhere', ['sleep', '60'], 'nothing listens on its port within 2 s'],
  ])('that %s instead of listening are named with the reason', async (_, command, why) => {
    const servers = [inside('http', command, { port: 3999 })];
    await expect(openToolbox({ servers }, { sandbox, startTimeoutMs: 2000 })).rejects.toMatchObject({
      code: 'tool-server-failed',
      message: expect.stringContaining(`Tool server "http" (${command.join(' ')}) did not start: ${why}`),
    });
  });
});
