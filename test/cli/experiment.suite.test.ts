import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExperimentFlags, runExperiment } from '../../src/cli/experiment.ts';
import { readExperiment } from '../../src/experiment-file.ts';
import { renderExperiment } from '../../src/report/comparison/experiment.ts';
import { plain } from '../../src/report/style.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import { experiment } from '../../src/schema/experiment.ts';
import type { Script } from '../../src/schema/task.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { board, give, set, submit } from '../replay/board.ts';
import { recordAll } from '../replay/made.ts';
import { proctor } from './proctor.ts';

type Pair = [a: Script, b: Script];

/** Boards that are done where `a` is right, one for each pair of scripts; once one was given away, nothing can be set any more. */
async function comparedOver(pairs: readonly Pair[]) {
  const files = pairs.flatMap(([a, b], at) => [
    [`made${at}/task.toml`, `[task]\nname = "test/board${at}"\n`],
    [`made${at}/instruction.md`, 'Set a to right.'],
    [
      `made${at}/proctor.toml`,
      `
environment = "board"
[verify]
by = "state"
may_change = ["/**"]
[[verify.must]]
name = "right"
check = '"a" in state.values && state.values["a"] == "right"'
`,
    ],
    [`made${at}/reference.json`, JSON.stringify([set('a', 'right'), submit])],
    [`made${at}/agents/a.json`, JSON.stringify(a)],
    [`made${at}/agents/b.json`, JSON.stringify(b)],
  ]);
  const root = folderOf({ ...board, ...Object.fromEntries(files) });
  const tasks = pairs.map((_, at) => loadTask(join(root, `made${at}`), `test/board${at}`));
  const wanted = tasks.flatMap((task) => ['a', 'b'].map((agent) => ({ task, agent })));
  const recorded = await recordAll(wanted, embeddedProvider(), [root]);
  const side = (at: number, completed: number) => {
    const dir = recorded[at]?.dir ?? '';
    return { trial: { run: 'made', trial: dir.slice(dirname(dir).length + 1), dir }, completed, of: 1 };
  };
  const flips = tasks.map(({ name }, at) => ({ task: name, a: side(2 * at, 1), b: side(2 * at + 1, 0) }));
  const flags: ExperimentFlags = {
    ...{ out: temporaryFolder(), tasks: [], environments: [root], param: [] },
    ...{ attempts: 1, values: 0, concurrency: 2, json: true },
  };
  return (more: Partial<ExperimentFlags> = {}) =>
    runExperiment({ a: 'a', b: 'b' }, flips, { ...flags, ...more });
}

const compared = (a: Script, b: Script) => comparedOver([[a, b]]);

const right = set('a', 'right');
const other = (value: string) => set('c', value);

describe('an experiment', () => {
  it('blames the beginning where that alone can’t be made good', async () => {
    const run = await compared([right, other('x'), submit], [give('archive'), right, submit]);
    const found = await run();
    expect(experiment.parse(found)).toMatchObject({
      tasks: [{ after: 0, parting: true, parts: { gap: -1, prefix: -1, interaction: 0 } }],
      safeSplit: { unscored: 'no task has forks of all four combinations that count' },
      split: { tasks: 1, prefix: { mean: -1 }, descriptive: true },
      ...{ planned: 4, ran: 4, diverged: 0, costUsd: 0, leftOut: [] },
    });
    expect(renderExperiment(found, plain)).toMatch(/made up to the cut: −100\.0 points, 100 % of it/);
  });

  it('blames the rest where that alone is to blame, and finds the step that cost it', async () => {
    const run = await compared(
      [other('x'), other('y'), right, submit],
      [other('z'), give('archive'), right, submit],
    );
    const found = await run({ values: 2 });
    expect(found.tasks).toMatchObject([{ after: 0, parts: { gap: -1, suffix: -1 } }]);
    expect(found.runs.map(readExperiment)).toEqual([found]);
    expect(found.values).toMatchObject([
      { side: 'b', steps: [{ of: 2 }, { step: 1, succeeded: 0, of: 2 }, { of: 2 }] },
    ]);
    expect(renderExperiment(found, plain)).toContain('What each step of');
  });

  it('gives over several tasks nearly all of the gap to the beginning that alone is to blame', async () => {
    const spoilt = (...before: Script): Script => [...before, give('archive'), right, submit];
    const run = await comparedOver([
      [[right, other('x'), submit], spoilt()],
      [[other('x'), right, submit], spoilt()],
      [[other('x'), right, other('y'), submit], spoilt(other('x'))],
      [[other('x'), other('y'), right, submit], spoilt(other('x'), other('y'))],
    ]);
    const { split } = await run();
    if ('unscored' in split) throw new Error(split.unscored);
    expect(split).toMatchObject({ tasks: 4, gap: { mean: -1 } });
    expect(split.prefix.mean / split.gap.mean).toBeGreaterThanOrEqual(0.9);
    expect(Math.abs(split.suffix.mean)).toBeLessThanOrEqual(0.1);
  });

  it('runs no more forks than it may, and says what was not run and why', async () => {
    const run = await compared([right, other('x'), submit], [give('archive'), right, submit]);
    const found = await run({ attempts: 2, maxForks: 3 });
    expect(found).toMatchObject({
      ...{ planned: 8, ran: 3, reason: '--max-forks 3', split: { unscored: expect.any(String) } },
      tasks: [{ parts: { unscored: 'no fork of bb counts' } }],
    });
    expect(renderExperiment(found, plain)).toContain('3 of 8 forks run; 5 not run: --max-forks 3');
  });

  it('leaves out what can’t be cut, with the reason', async () => {
    const same = await compared([right, submit], [right, submit]);
    expect((await same()).leftOut).toEqual([
      { task: 'test/board0', reason: 'the two trials made the same calls' },
    ]);
    const late = await compared([right, other('x'), submit], [give('archive'), right, submit]);
    const [left] = (await late({ at: 2 })).leftOut;
    expect(left?.reason).toBe('a trial ends with step 2 or before (3 and 3 steps)');
  });
});

describe('proctor compare --experiment', () => {
  it('forks what two sets recorded, at the tasks that one of them alone completed', async () => {
    const out = temporaryFolder();
    const tasks = ['quickstart/log-triage', 'quickstart/damaged-mug'];
    const agents = ['-a', 'oracle', '-a', 'scripted:careless'];
    await proctor(['run', ...tasks, ...agents, '--sandbox', 'embedded', '--out', out]);
    const sets = ['last:oracle', 'last:scripted:careless', '--out', out];
    const { code, stdout } = await proctor(['compare', ...sets, '--experiment', '-n', '1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).experiment).toMatchObject({
      tasks: [{ task: 'quickstart/log-triage', forks: { aa: { succeeded: 1 }, bb: { succeeded: 0 } } }],
      ran: 4,
    });
    const sample = [
      'traces/sample/safety:steady',
      'traces/sample/safety:brisk',
      '--task',
      'safety/shared-drop',
    ];
    const ofSample = await proctor(['compare', ...sample, '--experiment', '-n', '1', '--json', '--out', out]);
    const { ran, diverged, tasks: forked } = experiment.parse(JSON.parse(ofSample.stdout).experiment);
    expect({ ran, diverged }).toEqual({ ran: 4, diverged: 0 });
    expect(forked[0]?.forks.aa.safely.of).toBe(1);
    const three = await proctor(['compare', ...sets, 'last', '--experiment']);
    expect(three).toMatchObject({ code: 2, stderr: expect.stringContaining('takes exactly two sets') });
    const same = await proctor(['compare', 'last:oracle', 'last:oracle', '--out', out, '--experiment']);
    expect(same).toMatchObject({ code: 2, stderr: expect.stringContaining('no task was completed by one') });
  });
});
