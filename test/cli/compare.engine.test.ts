import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparison } from '../../src/schema/comparison.ts';
import { beginTrial, writeMadeRun } from '../viewer/made-run.ts';
import { cli, proctor } from './proctor.ts';

let out: string;

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'proctor-compare-'));
  const dir = join(out, '20260101-made');
  const heads = ['careful', 'careless'].flatMap((name, who) =>
    Array.from({ length: 12 }, (_, at) => {
      const task = { name: `made/task-${at}`, tags: [at % 2 === 0 ? 'even' : 'odd'] };
      const made = beginTrial(dir, `${name}${at}`, { run: '20260101-made', agent: `scripted:${name}`, task });
      made.step({ calls: [{ args: { command: 'ls' }, content: [] }] });
      return [`${name}${at}`, made.end({ reward: Number(who === 0 || at % 4 === 0) })] as const;
    }),
  );
  writeMadeRun(dir, Object.fromEntries(heads), { name: '20260101-made' });
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const compare = (...args: string[]) =>
  proctor(['compare', 'last:scripted:careful', 'last:scripted:careless', '--out', out, ...args]);

describe('proctor compare', () => {
  it('begins with a sentence that can be quoted, and ends with the trials to open', async () => {
    const { stdout, code } = await compare();
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', ' ')).toMatch(
      /scripted:careless completes 75\.0 points less than scripted:careful \(95 % interval −\d\d\.\d to −\d\d\.\d, p = \.004, 12 tasks × 1 trial each; .*\): worse\./,
    );
    expect(stdout).toContain('B broke 9, fixed 0');
    expect(stdout).toMatch(/made\/task-1 +1 of 1 +0 of 1 +careful1 +careless1/);
  });

  it('prints one JSON document, and Markdown', async () => {
    const { stdout } = await compare('--json', '--tag', 'odd');
    const document = comparison.parse(JSON.parse(stdout));
    expect(document.filters.tag).toEqual(['odd']);
    expect(document.pairs[0]).toMatchObject({
      pairing: { tasks: { a: 6 } },
      verdict: { kind: 'descriptive' },
    });
    const markdown = (await compare('--format', 'markdown')).stdout;
    expect(markdown).toMatch(
      /^### `scripted:careful` against `scripted:careless`\n\n\*\*scripted:careless completes/,
    );
    expect(markdown).toContain('| completion | 100.0 % | 25.0 % |');
  });

  it('refuses what only an experiment heeds, where none was asked for', async () => {
    const { stderr, code } = await compare('--max-forks', '3', '--price', 'in=1,out=2');
    expect({ stderr, code }).toEqual({
      code: 2,
      stderr: 'proctor: --max-forks, --price: only with --experiment\n',
    });
  });

  it('answers a wrong selector with one line and exit code 2', async () => {
    const { stderr, code } = await proctor(['compare', 'lst', 'last', '--out', out]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no run "lst" in .*; did you mean "last"\?\n$/);
  });

  it.skipIf(process.platform !== 'linux')(
    'does not end well where its words are lost on a full disk (Linux has one to try)',
    () => {
      const full = openSync('/dev/full', 'w');
      const args = ['compare', 'last:scripted:careful', 'last:scripted:careless', '--out', out];
      const ended = spawnSync(process.execPath, [cli, ...args, '--format', 'markdown'], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect(ended.status).toBe(3);
      expect(ended.stderr).toMatch(/^proctor: what was to be printed could not be written: ENOSPC.*\n$/);
    },
  );

  it('is in short at the end of a report', async () => {
    const { stdout } = await proctor(['report', 'last', '--out', out]);
    expect(stdout).toContain('scripted:careless completes 75.0 points less than scripted:careful');
    expect(stdout).toContain('More: proctor compare 20260101-made:scripted:careful');
  });
});
