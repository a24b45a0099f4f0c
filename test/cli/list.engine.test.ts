import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proctor } from './proctor.ts';

const out = mkdtempSync(join(tmpdir(), 'proctor-list-'));
afterAll(() => rmSync(out, { recursive: true }));
const list = (...args: string[]) => proctor(['list', ...args, '--out', out]);

beforeAll(async () => {
  const run = (task: string, agent: string) =>
    proctor(['run', task, '--agent', agent, '--attempts', '2', '--sandbox', 'embedded', '--out', out]);
  await run('quickstart/damaged-mug', 'oracle');
  await run('quickstart/log-triage', 'nop');
  await proctor(['replay', 'last', '--out', out]);
}, 120_000);

describe('proctor list', () => {
  it('gives a line per run, newest first, with what it was for, its scores and its cost', async () => {
    const { code, stdout } = await list();
    const [head = '', ...lines] = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(head).toMatch(/run +kind +status +tasks +agents +scored +completion +safe success +cost +started/);
    expect(lines.map((line) => line.split(/ {2,}/).slice(1, 5).join(' '))).toEqual([
      expect.stringMatching(/^replay done quickstart\/log-triage replay:/),
      'run done quickstart/log-triage nop',
      'run done quickstart/damaged-mug oracle',
    ]);
    expect(lines[2]).toMatch(/2 of 2 +1\.00 \[0\.\d\d, 1\.00\] .*\$0\.00 +20\d\d-\d\d-\d\d \d\d:\d\d$/);
  });

  it('keeps to the runs in which every word is found', async () => {
    const { stdout } = await list('MUG', 'oracle');
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect((await list('mug', 'nop')).stdout).toBe(`none of the 3 runs in ${out} matches\n`);
  });

  it('gives the same as one JSON document', async () => {
    const { runs } = JSON.parse((await list('replay', '--json')).stdout);
    expect(runs).toEqual([expect.objectContaining({ kind: 'replay', suites: ['quickstart'], trials: 1 })]);
  });

  it('says that there are none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'proctor-empty-'));
    for (const folder of [`${out}/nothing`, empty]) {
      const { code, stdout } = await proctor(['list', '--out', folder]);
      expect([code, stdout]).toEqual([0, `no runs in ${folder} yet\n`]);
    }
    rmSync(empty, { recursive: true });
  });
});

describe('a step that a trial does not have', () => {
  it.each([
    ['show', ['show', 'last', '--step', '99']],
    ['replay', ['replay', 'last', '--to', '99', '--shell']],
    ['fork', ['fork', 'last', '--at', '99']],
  ])('is answered in one line by %s', async (_, args) => {
    const { code, stderr, stdout } = await proctor([...args, '--out', out]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^proctor: .*step 99: .* has 1 step, numbered from 0\n$/);
  });
});

describe('a reference to nothing', () => {
  it('is answered by the nearest there is', async () => {
    expect((await proctor(['show', 'lasst', '--out', out])).stderr).toContain('did you mean "last"?');
    expect((await proctor(['show', '~', '--out', out])).stderr).toMatch(/the nearest is "[0-9a-z-]+"/);
  });
});
