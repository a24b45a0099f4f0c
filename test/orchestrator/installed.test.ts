import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { installed } from '../../src/orchestrator/installed.ts';
import { fakeSandbox } from './fake-sandbox.ts';

const digest = (name: string, text: string) => createHash(name).update(text).digest();
const site = '/app/venv/lib/python3.11/site-packages';

const databases = [
  `${digest('md5', 'python').toString('hex')}  usr/bin/python3.11`,
  `${digest('md5', 'bash').toString('hex')}  bin/bash`,
  `${digest('md5', 'diff').toString('hex')}  usr/bin/diff`,
  'Conffiles:',
  ` /etc/ld.so.conf.d/made.conf ${digest('md5', '/usr/lib/made').toString('hex')}`,
  'F:usr/bin',
  'R:apk-made',
  `Z:Q1${digest('sha1', 'apk').toString('base64')}`,
  '',
  `RECORD ${site}/made.dist-info/RECORD`,
  `made.pth,sha256=${digest('sha256', 'import made').toString('base64url')},11`,
  'made.dist-info/RECORD,,',
].join('\n');

/** Package managers say what is above; files are what they are here. */
function sandboxOf(files: Record<string, string>) {
  const sandbox = fakeSandbox((command) => {
    if (command.includes('/var/lib/dpkg/status')) return { stdout: databases };
    const [, program = '', rest = ''] = /^(md5|sha1|sha256)sum (.*) 2>/.exec(command) ?? [];
    if (program === '') return undefined;
    const paths = rest.split(' ').map((word) => word.replaceAll("'", ''));
    const lines = paths.map((path) => `${digest(program, files[path] ?? '').toString('hex')}  ${path}`);
    return { stdout: `${lines.join('\n')}\n` };
  });
  for (const [path, text] of Object.entries(files)) sandbox.held.set(path, text);
  return sandbox;
}

it('knows what dpkg, apk and pip put there from what was changed since', async () => {
  const files = {
    '/usr/bin/python3.11': 'python',
    '/usr/bin/bash': 'bash',
    '/etc/ld.so.conf.d/made.conf': '/usr/lib/made',
    '/usr/bin/apk-made': 'apk',
    [`${site}/made.pth`]: 'import made',
    [`${site}/evil.pth`]: 'import evil',
  };
  const paths = Object.keys(files);
  const { isAsPut, isListed } = await installed(sandboxOf(files), [...paths, '/usr/bin/diff']);
  expect(paths.filter(isAsPut)).toEqual(paths.slice(0, -1));
  expect(isListed('/usr/bin/diff')).toBe(true);

  const changed = Object.fromEntries(paths.map((path) => [path, 'changed']));
  const after = await installed(sandboxOf(changed), paths);
  expect(paths.filter(after.isAsPut)).toEqual([]);
});
