import { several } from '../format.ts';
import { agentTable, attackTable, impossibleTable } from './agent-table.ts';
import { breakdownTable, passTable } from './breakdown-table.ts';
import { briefLines } from './comparison/brief.ts';
import { wrapped } from './cut.ts';
import { estimateTable } from './estimate-table.ts';
import { judgeTable } from './judge-table.ts';
import { kindTable } from './kind-table.ts';
import { lineageLines } from './lineage.ts';
import {
  notRunLine,
  type ReportedTrial,
  type RunReport,
  summaryOf,
  type UnreadableTrial,
} from './run-report.ts';
import type { Style } from './style.ts';
import { attemptTable, trialTable } from './trial-table.ts';

/**
 * A run as text: its tasks, its agents compared, its trials, and apart from them infrastructure errors and what was skipped;
 * with `groups`, its agents by what tasks have in common, and for every number of attempts.
 */
export function renderRun(report: RunReport, style: Style, { groups = false } = {}): string {
  const { cells, agents, breakdown, kinds } = summaryOf(report);
  const { bold } = style.colors;
  const parts =
    cells.length > 0 ? [trialTable(report, cells, style), agentTable(agents, style, report.gaps)] : [];
  const estimates = estimateTable(report, style);
  if (estimates !== undefined) parts.push(estimates);
  const brief = briefLines(report);
  if (brief.length > 0)
    parts.push(brief.map((line) => wrapped(line, Math.min(style.width, 100), '')).join('\n'));
  parts.push(
    ...[
      groups ? passTable(agents, style) : undefined,
      groups ? breakdownTable(breakdown, style) : undefined,
      attackTable(agents, style),
      impossibleTable(agents, style),
      kindTable(report, kinds, style),
      attemptTable(report, cells, style),
      judgeTable(report, style),
    ].filter((part) => part !== undefined),
  );
  const lineage = report.trials.flatMap(lineageLines);
  if (lineage.length > 0) parts.push(lineage.join('\n'));
  const apart = (title: string, lines: string[]) => {
    if (lines.length > 0) parts.push([bold(title), ...lines].join('\n'));
  };
  const { unreadable = [], trials, skipped } = report;
  const errors = trials.filter(
    ({ score, error }) => score.outcome === 'infrastructure-error' || (score.outcome === 'aborted' && error),
  );
  apart(
    `${several(unreadable.length, 'trial')} with no readable trace, in no figure above`,
    unreadable.map(errorLine),
  );
  apart(`${several(errors.length, 'infrastructure error')}, in no figure above`, errors.map(errorLine));
  const notRun = notRunLine(report);
  if (notRun !== undefined) parts.push(bold(notRun));
  apart(
    `${several(skipped.length, 'task')} skipped`,
    skipped.map(({ task, reason }) => `  ${task}: ${reason}`),
  );
  if (parts.length === 0) parts.push('No trial was run.');
  return `${parts.join('\n\n')}\n`;
}

function errorLine({ trial, task, agent, error }: ReportedTrial | UnreadableTrial): string {
  const reason = error ? `${error.code}: ${error.message}` : 'no reason was recorded';
  return `  ${task} · ${agent} (${trial}): ${reason}`;
}
