import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { newServerEnvironment } from '../../src/check/mcp/new-server-environment.ts';
import { loadEnvironment } from '../../src/environment/load.ts';
import { openToolbox } from '../../src/tool/open-toolbox.ts';
import { temporaryFolder } from '../folder.ts';
import { rawServer, refuse } from '../tool/raw-server.ts';

afterEach(() => {
  delete process.env.PROCTOR_TEST_TOKEN;
});

it('a server at a URL keeps the headers it was given, with the variable for the secret', async () => {
  process.env.PROCTOR_TEST_TOKEN = 'secret-of-test';
  const url = await rawServer(({ headers }, response) =>
    headers.authorization === 'Bearer secret-of-test' ? undefined : (refuse(response, 401) ?? true),
  );
  const root = temporaryFolder();
  const dir = join(root, 'guarded');
  const header = ['Bearer $', '{PROCTOR_TEST_TOKEN}'].join('');
  await newServerEnvironment(dir, {
    name: 'guarded',
    server: [url],
    env: {},
    headers: { Authorization: header },
    program: () => Promise.reject(new Error('it has no image')),
    say: () => {},
    async list() {
      const environment = loadEnvironment('guarded', { roots: [root] });
      const toolbox = await openToolbox({
        environment,
        seed: '',
        clock: '2026-03-01T09:00:00.000Z',
        data: {},
        signal: new AbortController().signal,
        notify: () => {},
        captureBytes: 1024,
      });
      const tools = toolbox.list().filter(({ placement }) => placement !== 'builtin');
      await toolbox.close();
      return { tools, instructions: [] };
    },
  });
  const text = readFileSync(join(dir, 'environment.toml'), 'utf8');
  expect(text).toContain(`Authorization = "${header}"`);
  expect(text).toContain('[tools.x]');
  expect(text).not.toContain('secret-of-test');
});
