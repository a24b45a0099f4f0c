import { several } from '../format.ts';
import { agentTable, attackTable, impossibleTable } from './agent-table.ts';
import { type ReportedTrial, type RunReport, summaryOf, type UnreadableTrial } from './run-report.ts';
import type { Style } from './style.ts';
import { attemptTable, trialTable } from './trial-table.ts';

/** A run as text: its tasks, its agents compared, its trials, and apart from them infrastructure errors and what was skipped. */
export function renderRun(report: RunReport, style: Style): string {
  const { cells, agents } = summaryOf(report);
  const { bold } = style.colors;
  const parts = cells.length > 0 ? [trialTable(report, cells, style), agentTable(agents, style)] : [];
  parts.push(
    ...[
      attackTable(agents, style),
      impossibleTable(agents, style),
      attemptTable(report, cells, style),
    ].filter((part) => part !== undefined),
  );
  const lineage = report.trials.flatMap(lineageOf);
  if (lineage.length > 0) parts.push(lineage.join('\n'));
  const apart = (lines: string[], what: string, rest: string) => {
    if (lines.length > 0) parts.push([bold(`${several(lines.length, what)} ${rest}`), ...lines].join('\n'));
  };
  const { unreadable = [], trials, skipped } = report;
  const errors = trials.filter(({ score }) => score.outcome === 'infrastructure-error');
  apart(unreadable.map(errorLine), 'trial', 'with no readable trace, in no figure above');
  apart(errors.map(errorLine), 'infrastructure error', 'in no figure above');
  apart(
    skipped.map(({ task, reason }) => `  ${task}: ${reason}`),
    'task',
    'skipped',
  );
  if (parts.length === 0) parts.push('No trial was run.');
  return `${parts.join('\n\n')}\n`;
}

/** The trial that this one continues, and those that continue it. */
function lineageOf({ trial, parent, children = [] }: ReportedTrial): string[] {
  return [
    ...(parent ? [`${trial} goes on from step ${parent.step} of ${parent.trace}`] : []),
    ...children.map((child) => `${child.trial} (${child.agent}) goes on from step ${child.step} of ${trial}`),
  ];
}

function errorLine({ trial, task, agent, error }: ReportedTrial | UnreadableTrial): string {
  const reason = error ? `${error.code}: ${error.message}` : 'no reason was recorded';
  return `  ${task} · ${agent} (${trial}): ${reason}`;
}
