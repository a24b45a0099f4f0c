import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRun } from '../../src/trace/run-file.ts';
import { engine, engineNote } from '../engine.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';

const task = {
  'task.toml': '',
  'instruction.md': 'Do it.',
  'tests/test.sh': 'echo 1 > /logs/verifier/reward.txt',
};
const under = (folder: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

describe.skipIf(!engine)(`a task whose image can’t be had${engineNote}`, () => {
  it('fails alone, and the others run where they would have run', async () => {
    const suite = folderOf({
      ...under('broken', { ...task, 'environment/Dockerfile': 'FROM debian:bookworm-slim\nRUN exit 3\n' }),
      ...under('good', { ...task, 'environment/Dockerfile': 'FROM debian:bookworm-slim\n' }),
    });
    const out = temporaryFolder();
    const { code, stdout } = await proctor(['run', suite, '-a', 'nop', '--out', out, '--json']);
    const { run, trials } = JSON.parse(stdout);
    expect(trials.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'infrastructure-error',
      'submitted',
    ]);
    expect([code, readRun(join(out, run)).config.sandbox]).toEqual([0, 'docker']);
  }, 60_000);

  it('is not built to list what would run', async () => {
    const suite = folderOf(
      under('broken', { ...task, 'environment/Dockerfile': 'FROM scratch\nRUN exit 3\n' }),
    );
    const { code, stdout, stderr } = await proctor(['run', suite, '-a', 'nop', '--dry-run']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/broken\tnop\t#1/);
  });
});

describe('a task with a mistake among others', () => {
  const suite = () =>
    folderOf({
      ...under('good', { ...task, 'environment/Dockerfile': 'FROM scratch\n' }),
      ...under('bad', { ...task, 'task.toml': 'agent = 1\n' }),
    });
  const mistake = /bad\/task\.toml: agent: expected object/;

  it('is named by import, which takes the others', async () => {
    const to = temporaryFolder();
    const { code, stdout, stderr } = await proctor(['import', 'harbor', suite(), '-o', to]);
    expect([code, stdout]).toEqual([2, expect.stringContaining('good: fill in')]);
    expect(stderr).toMatch(mistake);
  });

  it('is named by check, which goes on to the others', async () => {
    const { code, stdout, stderr } = await proctor(['check', suite(), '--sandbox', 'embedded', '--json']);
    const { skipped } = JSON.parse(stdout);
    expect(skipped).toEqual([
      { task: expect.stringMatching(/bad$/), reason: expect.stringMatching(mistake) },
      { task: expect.stringMatching(/good$/), reason: 'needs image, which embedded lacks' },
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('nothing was proved')]);
  });
});
