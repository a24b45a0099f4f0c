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
  const { unreadable = [] } = report;
  if (unreadable.length > 0) {
    const title = bold(`${several(unreadable.length, 'trial')} with no readable trace, in no figure above`);
    parts.push([title, ...unreadable.map(errorLine)].join('\n'));
  }
  const errors = report.trials.filter(({ score }) => score.outcome === 'infrastructure-error');
  if (errors.length > 0) {
    const title = bold(`${several(errors.length, 'infrastructure error')}, in no figure above`);
    parts.push([title, ...errors.map(errorLine)].join('\n'));
  }
  if (report.skipped.length > 0) {
    const title = bold(`${several(report.skipped.length, 'task')} skipped`);
    parts.push([title, ...report.skipped.map(({ task, reason }) => `  ${task}: ${reason}`)].join('\n'));
  }
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
