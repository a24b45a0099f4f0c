import { dirname, join, resolve } from 'node:path';
import { readAgreement } from '../agreement-file.ts';
import { compareAgents } from '../comparison/compare-sets.ts';
import { agentGaps } from '../comparison/held-out.ts';
import { setTrial } from '../comparison/read-run.ts';
import type { SetTrial } from '../comparison/trial-set.ts';
import { ProctorError } from '../errors.ts';
import {
  type ReportedTrial,
  type RunReport,
  reportedTrial,
  type UnreadableTrial,
} from '../report/run-report.ts';
import type { FinishedRun } from '../run-trials.ts';
import { kindOf, plannedIn, type Run, supersededIn } from '../schema/run.ts';
import { scoreTrace } from '../scored-trace.ts';
import { estimatesIn } from './choice.ts';

/** A run that has ended, scored. Figures that could not be told are `{ unscored: why }`. */
export interface RunResult extends RunReport {
  unreadable: UnreadableTrial[];
  /** Its `run.json`: how it was started, whether and why it was stopped. */
  record: Run;
}

/** A run that has just ended, scored. */
export function resultOf({ run, dir }: Pick<FinishedRun, 'run' | 'dir'>): RunResult {
  return { ...reportOf(run, dir), record: run };
}

/**
 * Scores the trials of a run and gathers what reports show of it; what was tried again or resumed is left out, and what
 * cannot be read is listed apart.
 */
export function reportOf(run: Run, dir: string): RunReport & { unreadable: UnreadableTrial[] } {
  const superseded = supersededIn(run);
  const trials: ReportedTrial[] = [];
  const setTrials: SetTrial[] = [];
  const unreadable: UnreadableTrial[] = [];
  for (const { trial, task, agent, status, dir: folder } of run.trials) {
    if (status === 'waiting' || superseded.has(trial)) continue;
    try {
      const scored = scoreTrace(join(dir, folder));
      trials.push(reportedTrial(scored));
      setTrials.push(
        setTrial(scored.trial.started, { run: run.run, trial, dir: scored.dir, score: scored.score }),
      );
    } catch (error) {
      if (!(error instanceof ProctorError)) throw error;
      unreadable.push({ trial, task, agent, error });
    }
  }
  const { planned, notRun } = plannedIn(run);
  const plan = {
    planned: planned.length,
    notRun: notRun.map(({ task, agent, attempt }) => ({ task, agent, attempt })),
    ...(run.stopped && { reason: run.stopped.message }),
  };
  const estimates = estimatesIn(dir, setTrials);
  const compared = kindOf(run) === 'trials' ? compareAgents(setTrials) : [];
  const gaps = agentGaps(setTrials);
  return {
    run: run.run,
    dir,
    trials,
    skipped: run.skipped,
    plan,
    unreadable,
    ...(compared.length > 0 && { compared }),
    ...(gaps.length > 0 && { gaps }),
    ...(estimates && { estimates }),
    ...agreementBeside(dir),
  };
}

/** How far judges agree with labels, as was measured beside a run. */
export function agreementBeside(runDir: string): Pick<RunReport, 'agreementOf'> {
  return { agreementOf: (judge) => readAgreement(dirname(resolve(runDir)), judge) };
}
