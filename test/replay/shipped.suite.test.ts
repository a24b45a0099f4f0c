import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oracleAgent } from '../../src/agent/oracle.ts';
import { scriptNames } from '../../src/check/agent-scripts.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { needsOf } from '../../src/environment/sandbox-spec.ts';
import { foldersIn, packageRoot } from '../../src/schema/author-folder.ts';
import { findTasks } from '../../src/task/find.ts';
import { recordAll, replayAll } from './made.ts';
import { sandboxes } from './sandboxes.ts';

const suites = foldersIn(join(packageRoot, 'tasks'));
const oracle = oracleAgent();
const asRecorded = expect.stringMatching(/^(identical|equivalent)$/);

describe.each(sandboxes)('on $name', ({ provider, usable }) => {
  it.skipIf(!usable).each(suites)(
    'every trial of the oracle and of careless agents at the suite %s replays as recorded, twice',
    async (suite) => {
      const { capabilities } = provider();
      const seated = findTasks([join(packageRoot, 'tasks', suite)]).filter((task) =>
        needsOf(task, environmentOf(task)).every((need) => capabilities.has(need)),
      );
      const trials = seated.flatMap((task) => [
        { task, agent: oracle },
        ...(scriptNames(task).includes('careless') ? [{ task, agent: 'careless' }] : []),
      ]);
      const recordings = await recordAll(trials, provider(2));
      const replays = await replayAll(recordings, provider(2), 2);
      const verdicts = recordings.map(({ recording: { trial } }, index) => ({
        trial: `${trial.started.task.name} ${trial.started.agent.id}`,
        outcome: trial.outcome,
        replays: replays[index]?.map(({ verdict, difference }) => difference ?? verdict),
      }));
      for (const verdict of verdicts)
        expect(verdict).toEqual({ ...verdict, outcome: 'submitted', replays: [asRecorded, asRecorded] });
    },
    1_800_000,
  );
});
