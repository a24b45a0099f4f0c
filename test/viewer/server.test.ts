import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseRuns } from '../../src/viewer/library.ts';
import { serveLibrary, type ViewServer } from '../../src/viewer/server.ts';
import { beginTrial, writeMadeRun } from './made-run.ts';

const dir = mkdtempSync(join(tmpdir(), 'proctor-viewer-'));
let server: ViewServer;
let cookie = '';
let stored = '';

beforeAll(async () => {
  const trial = beginTrial(dir, 'one');
  trial.step({ calls: [{ args: { command: 'ls' }, content: [{ type: 'text', text: 'x'.repeat(9000) }] }] });
  writeMadeRun(dir, { one: trial.end() });
  server = await serveLibrary(chooseRuns(dir, 'traces').library);
  const token = new URL(server.url).searchParams.get('token');
  const welcome = await ask(`/?token=${token}`);
  cookie = String(welcome.headers['set-cookie']?.[0]).split(';')[0] ?? '';
  const step = JSON.parse((await ask('/api/step/made/one/0', { cookie })).body);
  stored = step.step.calls[0].returned.content[0].text.sha256;
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

function ask(path: string, headers: Record<string, string> = {}, method = 'GET', host = '127.0.0.1') {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const asked = request({ host, port: server.port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asked.on('error', reject).end();
  });
}

describe('the server of the viewer', () => {
  it('listens on this computer alone', async () => {
    const outward = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outward) {
      await expect(ask('/', {}, 'GET', address)).rejects.toThrow('ECONNREFUSED');
    }
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
  });

  it('lets in only who was told the token', async () => {
    expect((await ask('/')).status).toBe(403);
    expect((await ask('/api/runs')).status).toBe(403);
    expect((await ask('/?token=guess')).status).toBe(403);
    expect((await ask('/', { cookie })).status).toBe(200);
  });

  it('refuses a request for another host, which leads here by a trick of names', async () => {
    expect((await ask('/api/runs', { cookie, host: 'evil.example' })).status).toBe(421);
    expect((await ask('/api/runs', { cookie, host: `evil.example:${server.port}` })).status).toBe(421);
  });

  it('only reads', async () => {
    expect((await ask('/api/runs', { cookie }, 'POST')).status).toBe(405);
    expect((await ask('/api/runs', { cookie }, 'DELETE')).status).toBe(405);
  });

  it('never leaves the folders of its traces', async () => {
    const paths = [
      '/../../../../etc/passwd',
      '/api/body/made/one/..%2f..%2frun.json',
      '/api/body/made/..%2f..%2f..%2fetc/passwd',
      '/api/trial/..%2f..%2f..%2f..%2fetc/passwd',
      '/api/trial/made/..%2fone',
      '/api/run/%2e%2e',
      '/api/run/%E0%A4%A',
      '/page.js.map',
    ];
    const answers = await Promise.all(paths.map((path) => ask(path, { cookie })));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
  });

  it('gives a stored body piece by piece', async () => {
    const piece = await ask(`/api/body/made/one/${stored}?offset=8990&length=100`, { cookie });
    expect(piece.body).toBe('x'.repeat(10));
    expect(piece.headers['content-type']).toBe('application/octet-stream');
  });

  it('forbids the page to load or run anything but its own two files', async () => {
    const policy = String((await ask('/', { cookie })).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });
});
