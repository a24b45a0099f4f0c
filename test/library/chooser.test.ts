import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseAgain } from '../../src/calibration/again.ts';
import { choicesLeft, chosenLeft } from '../../src/cli/resume-choices.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { openChooser } from '../../src/library/chooser.ts';
import { remainderOf } from '../../src/replay/resume.ts';
import type { ChoicePlan } from '../../src/schema/choice.ts';
import { loadTask } from '../../src/task/load.ts';
import type { Task } from '../../src/task/task.ts';
import { readChoices } from '../../src/trace/choice-file.ts';
import { readRun } from '../../src/trace/run-file.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { fakeProvider, fakeSandbox } from '../orchestrator/fake-sandbox.ts';
import { runTrials } from '../run-trials.ts';

const answersDone = 'environment = "shell"\n[verify]\nby = "answer"\nexact = "done"\n';
const difficulties = [-2, -1, 0, 1, 2, 3];

/** Passes what is easy, in as many trials as it is let to. */
function agent(most = Number.POSITIVE_INFINITY, stop?: AbortController) {
  let decided = 0;
  return {
    id: 'made',
    open: async ({ task }: { task: { name: string } }) => ({
      close: async () => {},
      decide: async () => {
        decided += 1;
        if (decided > most) {
          stop?.abort();
          throw new Error('stopped');
        }
        const answer = Number(task.name.slice('made/t'.length)) < 1 ? 'done' : 'no';
        return { calls: [{ tool: 'submit', arguments: { answer } }], costUsd: 0.5 };
      },
    }),
  };
}

const madeTasks = () =>
  difficulties.map((difficulty) =>
    loadTask(
      folderOf({ 'instruction.md': 'Do it.', 'task.toml': '', 'proctor.toml': answersDone }),
      `made/t${difficulty}`,
    ),
  );

const plan: ChoicePlan = {
  type: 'planned',
  version: 1,
  at: '2026-01-01T00:00:00.000Z',
  mode: 'adaptive',
  bank: { path: 'bank.json', sha256: '', agents: 9, trials: 900 },
  prior: { mean: 0, sd: 1 },
  range: { low: -2, high: 2 },
  alike: 1,
  agents: ['made'],
  attempts: 1,
  tasks: difficulties.map((difficulty) => ({ task: `made/t${difficulty}`, difficulty, error: 0 })),
  maxTasks: 4,
  seed: 1,
};

const trialsOf = (tasks: readonly Task[], by: ReturnType<typeof agent>) =>
  tasks.map((task, at) => ({
    task,
    environment: environmentOf(task),
    agent: by,
    attempt: 1,
    trial: `t${at}`,
  }));

const chosenIn = (dir: string) =>
  readChoices(dir)?.past.flatMap((event) => (event.type === 'chosen' ? [event.task] : []));

describe('a run that chooses its trials', () => {
  it('runs what was chosen alone, one after the other, and keeps why', async () => {
    const dir = temporaryFolder();
    const trials = trialsOf(madeTasks(), agent());
    const chooser = openChooser({ dir, recorded: { plan, past: [] }, trials });
    const { run } = await runTrials({
      dir,
      provider: fakeProvider(fakeSandbox()),
      concurrency: 1,
      trials,
      chooser,
    });
    expect(run.trials.map(({ task }) => task)).toEqual(['made/t0', 'made/t1', 'made/t-1', 'made/t2']);
    expect(run.config.tasks).toHaveLength(6);
    const recorded = readChoices(dir);
    expect(recorded?.past.at(-1)).toMatchObject({ type: 'stopped', why: 'tasks' });
    expect(recorded && chooseAgain(plan, recorded.past)).toEqual({ choices: 5 });
  });

  it('goes on after it was stopped with what it had chosen, and then chooses as it would have', async () => {
    const dir = temporaryFolder();
    const stop = new AbortController();
    const tasks = madeTasks();
    const cut = trialsOf(tasks, agent(2, stop));
    await runTrials({
      dir,
      provider: fakeProvider(fakeSandbox()),
      concurrency: 1,
      trials: cut,
      signal: stop.signal,
      chooser: openChooser({ dir, recorded: { plan, past: [] }, trials: cut }),
    });
    expect(chosenIn(dir)).toEqual(['made/t0', 'made/t1', 'made/t-1']);
    const file = join(dir, 'choices.jsonl');
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"type":"ended","ag`);

    const own = agent();
    const setups = new Map(
      tasks.map((task) => [task.name, { task, environment: environmentOf(task), changed: [] }]),
    );
    const agents = new Map([['made', own]]);
    const remainder = remainderOf({ dir, run: readRun(dir), setups, agents, secrets: {} });
    const recorded = readChoices(dir);
    if (!recorded) throw new Error('no choices were recorded');
    const left = choicesLeft({ recorded, remainder, setups, agents });
    expect(chosenLeft(left)).toBe('1 chosen trial left, then it goes on choosing');
    await runTrials({
      dir,
      provider: fakeProvider(fakeSandbox()),
      concurrency: 1,
      trials: [...(left.left ?? []), ...left.trials],
      resumed: { run: remainder.run, spentUsd: 0 },
      chooser: openChooser({ dir, ...left }),
    });
    expect(chosenIn(dir)).toEqual(['made/t0', 'made/t1', 'made/t-1', 'made/t2']);
    const finished = readChoices(dir);
    expect(finished && chooseAgain(plan, finished.past)).toEqual({ choices: 5 });
  });
});
