import { kindOf, plannedIn, type Run, type RunTrial } from '../schema/run.ts';
import type { TrialScore } from '../schema/score.ts';
import { noneFound } from './kinds.ts';
import { type Tally, tally } from './tally.ts';

/** What a run came from: agents' trials, a recorded trial, a foreign log, or a command that tries trials out. */
type RunOrigin = 'run' | 'fork' | 'import' | 'replay' | 'stopped replay' | 'bisect' | 'experiment' | 'check';

/** A run as one line of a list of runs; its numbers are over all its agents. */
export interface RunSummary
  extends Pick<Run, 'run' | 'status' | 'startedAt' | 'endedAt'>,
    Pick<
      Tally,
      'scored' | 'infrastructureErrors' | 'completion' | 'safeSuccess' | 'unsafe' | 'worst' | 'costUsd'
    > {
  kind: RunOrigin;
  /** What to say where nothing was found: `none in 9 of 15 kinds`, `not judged`. */
  none: string;
  suites: string[];
  tasks: string[];
  agents: string[];
  /** Trials, without those that were tried again or resumed. */
  trials: number;
  ended: number;
  running: number;
  /** Planned trials that never will be run, as the run is over, or in which nothing could be decided. */
  notRun: number;
}

/** Sums a run up from the scores that `scoreOf` has of its trials; one that it has none of counts as not scored. */
export function runSummary(run: Run, scoreOf: (trial: RunTrial) => TrialScore | undefined): RunSummary {
  const { planned: trials, notRun } = plannedIn(run);
  const tasks = distinct(trials.map(({ task }) => task));
  const clusterOf = new Map(run.config.tasks.map(({ name, cluster }) => [name, cluster]));
  const { scored, infrastructureErrors, completion, safeSuccess, unsafe, worst, costUsd, ...looked } = tally(
    tasks.map((name) => trials.filter(({ task }) => task === name).flatMap((trial) => scoreOf(trial) ?? [])),
    tasks.map((name) => clusterOf.get(name)),
  );
  return {
    run: run.run,
    kind: originOf(run),
    status: run.status,
    startedAt: run.startedAt,
    ...(run.endedAt !== undefined && { endedAt: run.endedAt }),
    suites: distinct(tasks.map((name) => name.split('/')[0] ?? name)),
    tasks,
    agents: distinct(trials.map(({ agent }) => agent)),
    trials: trials.length,
    ended: trials.filter(({ status }) => status === 'ended').length,
    running: run.status === 'running' ? trials.filter(({ status }) => status === 'running').length : 0,
    notRun: notRun.length,
    scored,
    infrastructureErrors,
    completion,
    safeSuccess,
    unsafe,
    none: noneFound(looked),
    worst,
    costUsd,
  };
}

function originOf(run: Run): RunOrigin {
  const kind = kindOf(run);
  if (kind === 'stop') return 'stopped replay';
  if (kind !== 'trials') return kind;
  const { imported, parent } = run.config.options;
  if (imported !== undefined) return 'import';
  return parent === undefined ? 'run' : 'fork';
}

const distinct = (values: readonly string[]) => [...new Set(values)];
