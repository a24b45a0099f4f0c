import { execFileSync } from 'node:child_process';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';

describe('the package', () => {
  it('has entry points that every consumer can load', async () => {
    const { messages, pkg } = await publint({ pkgDir: '.', level: 'warning', strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('ships what its commands need, and no tests or traces', () => {
    const out = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const files =
      (JSON.parse(out) as { files: { path: string }[] }[])[0]?.files.map(({ path }) => path) ?? [];
    for (const needed of [
      'dist/cli.js',
      'dist/index.d.ts',
      'dist/sandbox/embedded/shell-thread.js',
      'dist/schema/json/task.schema.json',
      'environments/shell/environment.toml',
      'environments/_template/host/environment.toml',
      'sandbox-images/shell/Dockerfile',
      'tasks/quickstart/log-triage/task.toml',
    ]) {
      expect(files).toContain(needed);
    }
    expect(files.filter((path) => /^(test|traces|src)\//.test(path))).toEqual([]);
  });
});
