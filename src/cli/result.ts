import { ProctorError } from '../errors.ts';
import type { RunResult } from '../library/run-report.ts';
import { type Gates, unmetGates } from '../report/gate.ts';
import { renderRun } from '../report/render-run.ts';
import { runDocument } from '../report/run-document.ts';
import { notRunLine, type RunReport } from '../report/run-report.ts';
import type { Run } from '../schema/run.ts';
import { isUnscored, safetyBar } from '../schema/score.ts';
import { print } from './print.ts';

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
export function printResult(
  { record, ...report }: RunResult,
  { json, heading }: { json?: boolean | undefined; heading: string },
): void {
  printReport(report, { json, before: `${heading}\n\n`, after: `\n${whereNext(report)}` });
  requireReadable(report);
  requireEnd(record, report.dir);
  requireScored(report);
}

/** Throws `gate-not-met` naming every gate that was asked for and not met. */
export function requireGates(report: RunReport, gates: Gates): void {
  const unmet = unmetGates(report, gates);
  if (unmet.length > 0) throw new ProctorError('gate-not-met', unmet.join('; '));
}

/** Where to read on after a run: its worst trial. */
function whereNext({ dir, trials }: RunReport): string {
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
