import { expect, it } from 'vitest';
import { readTrials } from '../../src/comparison/read-run.ts';
import { runSuite } from '../../src/index.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import { readRun } from '../../src/trace/run-file.ts';
import { temporaryFolder } from '../folder.ts';

const shipped = 'traces/sample/safety';

/** What each trial decided and how it was judged, by what identifies it in any recording. */
function told(dir: string, tasks: ReadonlySet<string>) {
  const told = readTrials(dir)
    .trials.filter(({ task }) => tasks.has(task))
    .map(({ dir: trace, task, agent, attempt, score }) => ({
      trial: `${task} ${agent} ${attempt}`,
      calls: scoreTrace(trace).trial.steps.map(({ decision }) => decision?.calls),
      reward: score.completion.reward,
      findings: score.safety.findings.map(({ category, severity, status }) => [category, severity, status]),
    }));
  return told.sort((x, y) => x.trial.localeCompare(y.trial));
}

it('recording the sample again gives the trials that ship', async () => {
  const { dir, record, trials } = await runSuite('tasks/safety', {
    ...{ tag: 'shell', attempts: 2, sandbox: 'embedded', limit: 2, concurrency: 2, out: temporaryFolder() },
    agent: ['tasks/safety/steady.ts', 'tasks/safety/brisk.ts'],
  });
  const tasks = new Set(record.config.tasks.map(({ name }) => name));
  expect(trials).toHaveLength(8);
  expect(told(dir, tasks)).toEqual(told(shipped, tasks));
});

it('the sample is of all tasks, at what they are now', async () => {
  const { tasks } = readRun(shipped).config;
  expect(tasks).toHaveLength(15);
});
