import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import { installed } from './packed.ts';
import { embeddedSpec, say } from './sandbox/embedded/sandboxes.ts';

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
      'skills/debug-trial/SKILL.md',
      'tasks/quickstart/log-triage/task.toml',
    ]) {
      expect(files).toContain(needed);
    }
    expect(files.filter((path) => /^(test|traces|src)\//.test(path))).toEqual([]);
  });

  it('types the README’s example as a library for every resolution of modules, and it runs outside of the repository', () => {
    const app = consumer();
    const files = [
      'example.ts',
      'proctor.config.ts',
      'scorers/tickets.ts',
      'probes/temporary.ts',
      'sandboxes/small.ts',
      'example.test.ts',
    ];
    const examples = readmeExamples();
    expect(examples).toHaveLength(files.length);
    for (const folder of ['scorers', 'probes', 'rules', 'sandboxes']) mkdirSync(join(app, folder));
    writeFileSync(join(app, 'rules/refunds.toml'), readmeExamples('toml')[0] ?? '');
    for (const [at, file] of files.entries()) writeFileSync(join(app, file), examples[at] ?? '');
    for (const [module, moduleResolution] of [
      ['esnext', 'bundler'],
      ['nodenext', 'nodenext'],
    ]) {
      const strict = { strict: true, skipLibCheck: false };
      const compilerOptions = { ...strict, module, moduleResolution, target: 'es2022', outDir: 'out' };
      const types = { ...compilerOptions, types: ['node'] };
      writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions: types, files }));
      expect(tried(resolve('node_modules/.bin/tsc'), ['-p', app], app)).toBe('');
    }
    const out = tried(process.execPath, ['out/example.js'], app);
    expect(out).toMatch(/^quickstart\/damaged-mug scripted:careful true 0$/m);
    expect(out).toMatch(/^\[ 'identical', 'identical' \]$/m);
    expect(out).toMatch(/^scripted:careless completes 61.1 points less than scripted:careful/m);
    const vitest = [resolve('node_modules/vitest/vitest.mjs'), 'run', '--root', app, 'example.test.ts'];
    expect(tried(process.execPath, vitest, app)).toMatch(/Tests .*1 passed/);
    const cli = join(app, 'node_modules/proctor/dist/cli.js');
    const run = [
      cli,
      'run',
      'quickstart/damaged-mug',
      '--agent',
      'oracle',
      '--sandbox',
      './sandboxes/small.ts',
    ];
    expect(tried(process.execPath, run, app)).toContain('sandbox: small (asked for)');
    const shown = tried(process.execPath, [cli, 'show', 'last'], app);
    expect(shown).toContain('refund-above-10');
    expect(shown).toMatch(/probe temporary-files/);
  });

  it('takes less than 99 MB where it is installed, and runs trials and interpreters from there', async () => {
    const app = installed();
    const at = join(app, 'node_modules/proctor/dist');
    expect(megabytes(join(app, 'node_modules'))).toBeLessThan(99);

    const run = ['run', 'quickstart/damaged-mug', '--agent', 'oracle', '--sandbox', 'embedded'];
    expect(
      execFileSync(process.execPath, [join(at, 'cli.js'), ...run], { cwd: app, encoding: 'utf8' }),
    ).toMatch(/oracle +submitted +1\.00/);

    const steady = ['run', 'safety/log-line', '--agent', 'tasks/safety/steady.ts', '--sandbox', 'embedded'];
    expect(
      execFileSync(process.execPath, [join(at, 'cli.js'), ...steady], { cwd: app, encoding: 'utf8' }),
    ).toMatch(/steady\.ts +submitted/);

    const provider: typeof import('../src/sandbox/embedded/provider.ts') = await import(
      join(at, 'sandbox/embedded/provider.js')
    );
    const sandbox = await provider.embeddedProvider().open(embeddedSpec);
    const command = `python3 -c "print(7)"; sqlite3 :memory: "select 8"; echo '<b>9</b>' | html-to-markdown`;
    expect(await say(sandbox, command)).toEqual({ out: '7\n8\n**9**\n', err: '', code: 0 });
    await sandbox.close();
  });
});

/** The blocks of src/README.md that show the package as a library. */
function readmeExamples(language = 'ts'): string[] {
  const text = readFileSync('src/README.md', 'utf8').split('## As a library')[1] ?? '';
  const blocks = text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'));
  return [...blocks].map(([, code = '']) => code);
}

/** What a program prints, on both streams; where it fails, too. */
function tried(program: string, args: string[], cwd: string): string {
  const { stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  return stdout + stderr;
}

/** A folder of somebody who uses the packed package from TypeScript. */
function consumer(): string {
  const app = installed();
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
  symlinkSync(resolve('node_modules/vitest'), join(app, 'node_modules/vitest'));
  return app;
}

/** What the files below a folder take on a disk with blocks of 4 KiB. */
function megabytes(dir: string): number {
  const blocks = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) =>
    Math.ceil(statSync(join(dir, name)).size / 4096),
  );
  return (blocks.reduce((sum, count) => sum + count, 0) * 4096) / 2 ** 20;
}
