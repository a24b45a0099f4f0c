import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engine, engineNote } from '../engine.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';

const absent = 'proctor-test.invalid/base:24.04';
const map = ['--image-map', `${absent}=debian:bookworm-slim`];

/** A task of Harbor's own format, whose base no engine has. */
const files = {
  'task.toml': 'version = "1.0"\n[environment]\nworkdir = "/app"\ngpus = 1\n',
  'instruction.md': 'Write done to /app/state.txt.',
  'environment/Dockerfile': `FROM ${absent}\nWORKDIR /app\n`,
  'solution/solve.sh': 'echo done > /app/state.txt\n',
  'tests/test.sh':
    'grep -qx done /app/state.txt && echo 1 > /logs/verifier/reward.txt || echo 0 > /logs/verifier/reward.txt\n',
};

describe.runIf(engine)(`Harbor tasks${engineNote}`, { timeout: 300_000 }, () => {
  it('keep the images of their run in replay and fork, and say what is not honoured', async () => {
    const dir = folderOf(files);
    const out = ['--out', temporaryFolder()];
    const run = await proctor(['run', dir, '-a', 'oracle', ...map, '--sandbox', 'docker', '--json', ...out]);
    expect(run.stderr).toContain('environment.gpus: the sandbox has no GPU');
    const [trial] = JSON.parse(run.stdout).trials;
    expect(trial).toMatchObject({ outcome: 'submitted', reward: 1 });

    const replayed = await proctor(['replay', trial.trial, ...out]);
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringMatching(/identical|equivalent/) });

    const forked = await proctor(['fork', trial.trial, '--at', '0', '-a', 'oracle', '--json', ...out]);
    expect(JSON.parse(forked.stdout).trials[0]).toMatchObject({ reward: 1 });
  });

  it('whose base cannot be had fail in one line that names it, as an infrastructure error', async () => {
    const run = await proctor([
      'run',
      folderOf(files),
      '-a',
      'oracle',
      '--sandbox',
      'docker',
      '--json',
      '--out',
      temporaryFolder(),
    ]);
    const [trial] = JSON.parse(run.stdout).trials;
    expect(trial).toMatchObject({
      outcome: 'infrastructure-error',
      reward: { unscored: expect.any(String) },
    });
    expect(run.stderr).toContain(absent);
  });
});

describe('proctor import harbor and export harbor', { timeout: 120_000 }, () => {
  it('makes a task of ours to fill in, which goes back out as it came', async () => {
    const dir = folderOf(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`note/${path}`, text])),
    );
    const to = temporaryFolder();
    const imported = await proctor(['import', 'harbor', join(dir, 'note'), '-o', to]);
    expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('fill in proctor.toml') });
    expect(readdirSync(join(to, 'note'))).toEqual(
      expect.arrayContaining(['proctor.toml', 'policy.toml', 'tests']),
    );

    const back = join(temporaryFolder(), 'back');
    const exported = await proctor(['export', join(to, 'note'), '--to', 'harbor', '-o', back]);
    expect(exported).toMatchObject({ code: 0 });
    expect(readdirSync(back).sort()).toEqual([
      'environment',
      'instruction.md',
      'solution',
      'task.toml',
      'tests',
    ]);
  });

  it('refuses in one line what does not fit', async () => {
    const refused = await proctor([
      'export',
      'support-desk/gift-note',
      '--to',
      'harbor',
      '-o',
      join(temporaryFolder(), 'x'),
    ]);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^[^\n]*runs in Proctor’s process[^\n]*\n$/),
    });
  });
});
