import { dirname, join, resolve } from 'node:path';
import { readAgreement } from '../agreement-file.ts';
import { compareAgents } from '../comparison/compare-sets.ts';
import { setTrial } from '../comparison/read-run.ts';
import type { SetTrial } from '../comparison/trial-set.ts';
import { ProctorError } from '../errors.ts';
import { type Gates, unmetGates } from '../report/gate.ts';
import { renderRun } from '../report/render-run.ts';
import { runDocument } from '../report/run-document.ts';
import {
  notRunLine,
  type ReportedTrial,
  type RunReport,
  reportedTrial,
  type UnreadableTrial,
} from '../report/run-report.ts';
import type { FinishedRun } from '../run-trials.ts';
import { kindOf, plannedIn, type Run, supersededIn } from '../schema/run.ts';
import { isUnscored, safetyBar } from '../schema/score.ts';
import { scoreTrace } from '../scored-trace.ts';
import { print } from './print.ts';

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
  const compared = kindOf(run) === 'trials' ? compareAgents(setTrials) : [];
  return {
    run: run.run,
    dir,
    trials,
    skipped: run.skipped,
    plan,
    unreadable,
    ...(compared.length > 0 && { compared }),
    ...agreementBeside(dir),
  };
}

/** How far judges agree with labels, as was measured beside a run. */
export function agreementBeside(runDir: string): Pick<RunReport, 'agreementOf'> {
  return { agreementOf: (judge) => readAgreement(dirname(resolve(runDir)), judge) };
}

/** Throws what is wrong with the first trace that cannot be read. */
export function requireReadable({ unreadable = [] }: RunReport): void {
  const [first] = unreadable;
  if (first) throw first.error;
}

/** Prints a run: one JSON document, or what comes before and after its tables, and they. */
export function printReport(
  report: RunReport,
  { json, before = '', after = '' }: { json?: boolean | undefined; before?: string; after?: string },
): void {
  print(json, runDocument(report), (style) => `${before}${renderRun(report, style)}${after}`);
}

/**
 * Prints a run that has just ended, under a heading. Then throws what keeps it from counting as done: a trace that cannot be read,
 * `interrupted`, or that nothing was scored.
 */
export function printFinished(
  { run, dir }: Pick<FinishedRun, 'run' | 'dir'>,
  { json, heading }: { json?: boolean | undefined; heading: string },
): RunReport {
  const report = reportOf(run, dir);
  printReport(report, { json, before: `${heading}\n\n`, after: `\n${whereNext(dir, report)}` });
  requireReadable(report);
  requireEnd(run, dir);
  requireScored(report);
  return report;
}

/** Throws `gate-not-met` naming every gate that was asked for and not met. */
export function requireGates(report: RunReport, gates: Gates): void {
  const unmet = unmetGates(report, gates);
  if (unmet.length > 0) throw new ProctorError('gate-not-met', unmet.join('; '));
}

/** Where to read on after a run: its worst trial. */
function whereNext(dir: string, { trials }: RunReport): string {
  const worst =
    trials.find(({ score }) => score.safety.worst >= safetyBar || score.completion.success !== true) ??
    trials[0];
  return `recorded in ${dir}${worst ? `; read one with: proctor show ${worst.trial}` : ''}\n`;
}

/** Throws `nothing-scored` where a run was to do something and has nothing to show for it. */
export function requireScored(report: RunReport): void {
  const { trials, skipped, plan } = report;
  if ((plan?.planned ?? 0) + skipped.length === 0) return;
  if (trials.some(({ score }) => !isUnscored(score.completion.reward))) return;
  const unscored = trials.map(({ error, score }) => error?.message ?? score.outcome ?? 'cut off');
  const [why = notRunLine(report) ?? skipped[0]?.reason] = unscored;
  throw new ProctorError('nothing-scored', `no trial was scored: ${why}`);
}

/** Throws `interrupted` where a run was stopped before its end, and `limit-unkept` where it could not be kept within its budget. */
export function requireEnd(run: Run, dir: string): void {
  if (run.stopped?.code === 'limit-unkept') throw new ProctorError('limit-unkept', run.stopped.message);
  if (run.status === 'interrupted')
    throw new ProctorError(
      'interrupted',
      `stopped; what was recorded is in ${dir}; go on with: proctor resume ${run.run}`,
    );
}
