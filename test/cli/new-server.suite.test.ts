import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { nodeReleases } from '../../src/check/mcp/node-release.ts';
import { loadEnvironment } from '../../src/environment/load.ts';
import { engine, engineNote } from '../engine.ts';
import { folderOf } from '../folder.ts';
import { nodeDockerfile } from '../tool/node-image.ts';
import { proctor } from './proctor.ts';

/** A shelf of books whose tools say of themselves what they do. */
function library(): Server {
  return createServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const server = new McpServer({ name: 'library', version: '1' });
    const answer = async () => ({ content: [{ type: 'text' as const, text: 'done' }] });
    const add = (name: string, annotations: object | undefined) =>
      server.registerTool(
        name,
        {
          inputSchema: { title: z.string(), shelf: z.string().optional() },
          ...(annotations && { annotations }),
        },
        answer,
      );
    add('find', { readOnlyHint: true });
    add('burn', { destructiveHint: true });
    add('return.book', { idempotentHint: true, destructiveHint: false });
    add('lend', undefined);
    const transport = new StreamableHTTPServerTransport({});
    response.on('close', () => void server.close());
    await server.connect(transport as never);
    await transport.handleRequest(request, response);
  });
}

describe('proctor new environment --mcp with a URL', () => {
  const http = library();
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  });
  afterAll(() => void http.close());

  test('takes what each tool does from what its server says of it, and passes a check at once', async () => {
    const cwd = folderOf({});
    const made = await proctor(['new', 'environment', 'books', '--mcp', url], { cwd });
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('environments/books/policy.toml'),
    });
    const { config } = loadEnvironment('books', { roots: [join(cwd, 'environments')] });
    expect(config.servers).toMatchObject([{ placement: 'remote', transport: 'streamable-http', url }]);
    expect(config.tools).toMatchObject({
      find: { effect: 'read', replay: 'execute', repeatable: true },
      burn: { effect: 'delete', reversible: false, replay: 'recorded' },
      'return.book': { effect: 'write', reversible: true, repeatable: true },
      lend: { effect: 'write', reversible: true, repeatable: false },
    });
    const checked = await proctor(['check', 'books', '--sandbox', 'embedded'], { cwd });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 hold') });
  });

  test('writes a rule for each tool that holds as it is once its # are taken away', async () => {
    const cwd = folderOf({});
    await proctor(['new', 'environment', 'books', '--mcp', url, '--only', 'burn,lend'], { cwd });
    const file = join(cwd, 'environments/books/policy.toml');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('# burn: takes title, [shelf]');
    writeFileSync(file, text.replace(/^#(?! )/gm, ''));
    const { policy, config } = loadEnvironment('books', { roots: [join(cwd, 'environments')] });
    expect(policy.rules.map(({ id, effect, reversible }) => [id, effect, reversible])).toEqual([
      ['burn', 'delete', false],
      ['lend', 'write', true],
    ]);
    expect(config.hide).toEqual(['find', 'return.book']);
    const checked = await proctor(['check', 'books', '--sandbox', 'embedded'], { cwd });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 hold') });
  });

  test.each<[string[], string, number?]>([
    [['--mcp', 'uvx mcp-server-git'], 'expected a URL or npx -y PACKAGE …, got "uvx mcp-server-git"'],
    [['--mcp'], 'expected a command, a URL, or --image with a server in it'],
    [['--mcp', 'npx -y'], 'expected npx -y PACKAGE …, got "npx -y"'],
    [['--mcp', 'http://127.0.0.1:9/mcp'], 'could not be reached', 3],
    [['--mcp', 'x', '--env', 'no-value'], 'expected NAME=VALUE'],
    [['--mcp', 'x', '--http', 'mcp'], 'expected a port, or PORT/PATH'],
    [['--mcp', 'x', '--tools', 'host'], 'cannot be used with'],
    [['--only', 'find'], '--only: it goes with --mcp'],
    [['--http', '3001'], '--http: it goes with --mcp'],
    [['--env', 'A=b'], '--env: it goes with --mcp'],
    [['--seed', '.'], '--seed: it goes with --mcp'],
    [['--mcp', 'npx -y x', '--seed', 'nowhere'], '--seed: expected a folder'],
    [
      ['--mcp', 'x', '--image', 'y', '--packages', 'git'],
      '--packages: the image that --image names has them',
    ],
    [
      ['--mcp', 'http://127.0.0.1:9/mcp', '--http', '3001'],
      '--http: a server at a URL is reached where it is',
    ],
    [
      ['--mcp', 'http://127.0.0.1:9/mcp', '--image', 'x'],
      '--image: a server at a URL is reached where it is',
    ],
  ])('leaves nothing behind where the server is not to be had: %j', async (flags, message, code = 2) => {
    const cwd = folderOf({});
    const made = await proctor(['new', 'environment', 'books', ...flags], { cwd });
    expect(made).toMatchObject({ code, stderr: expect.stringContaining(message) });
    expect(made.stderr).not.toContain('    at ');
    expect(readdirSync(cwd).flatMap((folder) => readdirSync(join(cwd, folder)))).toEqual([]);
  });

  test('names the tool that was probably meant', async () => {
    const cwd = folderOf({});
    const flags = ['--mcp', url, '--only', 'brun'];
    const { stderr } = await proctor(['new', 'environment', 'books', ...flags], { cwd });
    expect(stderr).toContain('the server has no tool "brun"; did you mean "burn"?');
  });
});

describe.skipIf(!engine)(`proctor new environment --mcp with a command${engineNote}`, () => {
  test('installs a published server into an image, where it needs no network', async () => {
    const cwd = folderOf({});
    const command = 'npx -y @modelcontextprotocol/server-filesystem@2026.8.31 /data';
    const made = await proctor(['new', 'environment', 'files', '--mcp', command], { cwd });
    expect(made.code).toBe(0);
    const { config } = loadEnvironment('files', { roots: [join(cwd, 'environments')] });
    expect(config.state).toMatchObject({ paths: ['/data'] });
    expect(config.tools).toMatchObject({
      read_text_file: { effect: 'read' },
      write_file: { effect: 'delete', reversible: false, repeatable: true },
      create_directory: { effect: 'write', reversible: true },
    });
    const checked = await proctor(['check', 'files', '--sandbox', 'docker', '--times', '1'], { cwd });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 hold') });
  }, 400_000);

  test('speaks streamable HTTP to one that listens on a port in its sandbox', async () => {
    const cwd = folderOf({});
    const command = 'npx -y @modelcontextprotocol/server-everything@2026.8.31 streamableHttp';
    const flags = ['--mcp', command, '--http', '3001/mcp', '--only', 'echo,get-sum'];
    const made = await proctor(['new', 'environment', 'all', ...flags], { cwd });
    expect(made.code).toBe(0);
    const { config } = loadEnvironment('all', { roots: [join(cwd, 'environments')] });
    expect(config.servers).toMatchObject([{ name: 'everything', port: 3001, path: '/mcp' }]);
    expect(readFileSync(join(cwd, 'environments/all', config.guidance ?? ''), 'utf8')).toContain(
      'Everything Server',
    );
    const checked = await proctor(['check', 'all', '--sandbox', 'docker', '--times', '1'], { cwd });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 hold') });
  }, 400_000);

  test('takes what an image starts by itself, in the folder it starts in', async () => {
    const cwd = folderOf({
      'sandbox-images/dice/Dockerfile': `${nodeDockerfile}WORKDIR /app\nCOPY dice.js .\nENTRYPOINT ["node", "dice.js"]\nCMD ["--sides", "6"]\n`,
      'sandbox-images/dice/dice.js': dice,
    });
    const made = await proctor(['new', 'environment', 'dice', '--mcp', '--image', 'dice'], { cwd });
    expect(made.code, made.stderr).toBe(0);
    const { config } = loadEnvironment('dice', { roots: [join(cwd, 'environments')] });
    expect(config.servers).toMatchObject([{ name: 'dice', placement: 'sandbox' }]);
    expect(config.tools).toMatchObject({ 'roll --sides 6': { effect: 'read' } });
    const checked = await proctor(['check', 'dice', '--sandbox', 'docker', '--times', '1'], { cwd });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 hold') });
  }, 400_000);
});

describe.skipIf(!engine)(`a server that needs more than its packages${engineNote}`, () => {
  test('gets a current Node.js, its native module and what it starts with', async () => {
    const cwd = folderOf({ ...shelf, 'books/shelf.txt': 'Emma' });
    execFileSync('npm', ['pack', '--silent'], { cwd: join(cwd, 'package') });
    const command = `npx -y ${join(cwd, 'package/shelf-server-1.0.0.tgz')} /data/shelf.txt`;
    const flags = ['--mcp', command, '--seed', 'books'];
    const made = await proctor(['new', 'environment', 'seeded', ...flags], { cwd });
    expect(made.code, made.stderr).toBe(0);
    const { config } = loadEnvironment('seeded', { roots: [join(cwd, 'environments')] });
    expect(Object.keys(config.tools)).toEqual(['Emma-42-v22']);
    expect(config.state).toMatchObject({ paths: ['/data'] });
    expect(readdirSync(join(cwd, 'sandbox-images'))).toEqual([`node-${nodeReleases[0]}`]);

    const failed = await proctor(['new', 'environment', 'bare', '--mcp', command], { cwd });
    expect(failed).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('Error: no shelf at /data/shelf.txt'),
    });
    expect(failed.stderr).toContain('go on with: proctor new environment bare --again');
    const file = join(cwd, 'environments/bare/Dockerfile');
    writeFileSync(file, `${readFileSync(file, 'utf8')}RUN echo Persuasion > /data/shelf.txt\n`);
    const mended = await proctor(['new', 'environment', 'bare', '--again'], { cwd });
    expect(mended.code, mended.stderr).toBe(0);
    const checked = await proctor(['check', 'bare', '--sandbox', 'docker', '--times', '1'], { cwd });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 hold') });
  }, 600_000);
});

/** A package whose server has to be compiled, and ends at once where its shelf is missing. */
const shelf = {
  'package/package.json': JSON.stringify({
    name: 'shelf-server',
    version: '1.0.0',
    bin: 'server.js',
    engines: { node: '>=22' },
  }),
  'package/binding.gyp': '{ "targets": [{ "target_name": "answer", "sources": ["answer.c"] }] }',
  'package/answer.c': `#include <node_api.h>
static napi_value init(napi_env env, napi_value exports) {
  napi_value answer;
  napi_create_int32(env, 42, &answer);
  return answer;
}
NAPI_MODULE(answer, init)
`,
  'package/server.js': `
const { existsSync, readFileSync } = require('node:fs');
const file = process.argv[2];
if (!existsSync(file)) throw new Error('no shelf at ' + file);
const name = [readFileSync(file, 'utf8').trim(), require('./build/Release/answer.node'), process.version.split('.')[0]].join('-');
const tool = { name, inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } };
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = method === 'initialize'
    ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'shelf', version: '1' } }
    : { tools: [tool] };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
`,
};

/** A server without a library; its one tool bears the arguments it was started with. */
const dice = `
const name = ['roll', ...process.argv.slice(2)].join(' ');
const tool = { name, inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } };
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = method === 'initialize'
    ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'dice', version: '1' } }
    : { tools: [tool] };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
`;
