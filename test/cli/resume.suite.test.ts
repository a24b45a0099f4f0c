import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { readRun } from '../../src/trace/run-file.ts';
import { engine, engineNote } from '../engine.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { proctor, startProctor } from './proctor.ts';

const seed = Number(process.env.PROCTOR_TEST_SEED ?? Date.now() % 1_000_000);

/** Six decisions that take a moment each; the fourth depends on what the ones before left. */
const script = [
  { tool: 'bash', arguments: { command: 'mkdir -p out; echo 1 > out/n; cd out' } },
  { tool: 'bash', arguments: { command: 'sleep 0.1; echo 2 >> n' } },
  { tool: 'bash', arguments: { command: 'sleep 0.1; cat nothing' } },
  { tool: 'bash', arguments: { command: 'sleep 0.1; wc -l < n > lines; cat lines' } },
  { tool: 'bash', arguments: { command: 'echo 3 >> n; cat n' } },
  { tool: 'submit', arguments: { answer: 'done' } },
];

const taskFolder = () =>
  folderOf({
    'task.toml': '[task]\nname = "test/resumed"\n',
    'instruction.md': 'Count.',
    'proctor.toml': `
environment = "shell"

[[milestones]]
name = "counted"
check = '''"/home/agent/work/out/lines" in state'''

[verify]
by = "state"
may_change = ["/home/agent/work/**"]

[[verify.must]]
name = "lines-counted"
check = '''state["/home/agent/work/out/lines"].size > 0'''
`,
    'agents/count.json': JSON.stringify(script),
  });

interface Document {
  trials: { trial: string; attempt: number; outcome: string; reward: number; steps: number; calls: number }[];
}

/** Scores by attempt, without what depends on time. */
function scoresOf(stdout: string) {
  const { trials } = JSON.parse(stdout) as Document;
  return trials
    .map(({ attempt, outcome, reward, steps, calls }) => ({ attempt, outcome, reward, steps, calls }))
    .sort((a, b) => a.attempt - b.attempt);
}

/** Runs trials, and kills the process at random moments, resuming after each; gives the last report. */
async function disturbed(task: string, flags: { trials: number; kills: number; sandbox: string }) {
  const out = temporaryFolder();
  const random = xoroshiro128plus(seed);
  const concurrency = ['--out', out, '-c', '4'];
  const trials = ['--agent', 'scripted:count', '-n', String(flags.trials), '--sandbox', flags.sandbox];
  let started = startProctor(['run', task, ...trials, ...concurrency]);
  const run = await runOf(out);
  for (let kill = 0; kill < flags.kills; kill++) {
    await Promise.race([sleep(uniformInt(random, 300, 3000)), started.finished]);
    started.process.kill('SIGKILL');
    await started.finished;
    started = startProctor(['resume', run, '--out', out]);
  }
  expect(await started.finished).toMatchObject({ code: 0 });
  const { stdout } = await proctor(['report', run, '--out', out, '--format', 'json']);
  return { scores: scoresOf(stdout), run: readRun(join(out, run)) };
}

async function runOf(out: string): Promise<string> {
  for (;;) {
    const run = existsSync(out)
      ? readdirSync(out).find((name) => existsSync(join(out, name, 'run.json')))
      : undefined;
    if (run) return run;
    await sleep(20);
  }
}

describe('proctor resume', () => {
  it(`ends a run of 20 trials that was killed ten times as if it had not been (PROCTOR_TEST_SEED=${seed})`, async () => {
    const task = taskFolder();
    const { scores, run } = await disturbed(task, { trials: 20, kills: 10, sandbox: 'embedded' });
    const same = { outcome: 'submitted', reward: 1, steps: 6, calls: 6 };
    expect(scores).toEqual(Array.from({ length: 20 }, (_, index) => ({ attempt: index + 1, ...same })));
    expect(run.status).toBe('done');
    expect(run.trials.some(({ resumes }) => resumes !== undefined)).toBe(true);
  }, 240_000);

  it.skipIf(!engine)(
    `leaves no container of a killed run behind${engineNote}`,
    async () => {
      const { scores, run } = await disturbed(taskFolder(), { trials: 4, kills: 2, sandbox: 'docker' });
      expect(scores.map(({ attempt, reward }) => [attempt, reward])).toEqual([1, 2, 3, 4].map((n) => [n, 1]));
      const filters = { label: [`proctor.run=${run.run}`] };
      expect(await new Docker().listContainers({ all: true, filters })).toEqual([]);
    },
    120_000,
  );

  it('refuses a run whose task has changed, and names it', async () => {
    const task = taskFolder();
    const out = temporaryFolder();
    await proctor(['run', task, '--agent', 'scripted:count', '--sandbox', 'embedded', '--out', out]);
    writeFileSync(join(task, 'instruction.md'), 'Count anew.');
    const { code, stderr } = await proctor(['resume', 'last', '--out', out]);
    expect(code).toBe(2);
    expect(stderr).toContain(`task ${task.split('/').at(-1)}`);
    expect(stderr).toContain('changed since it was started');
  });
});
