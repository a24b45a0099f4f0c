import { cost, count, duration, estimate, harmless, share, tokens } from '../format.ts';
import { isUnscored } from '../schema/score.ts';
import { noneFound } from '../scoring/kinds.ts';
import type { Cell } from '../scoring/summary.ts';
import { isAlarm, knownWorst } from '../scoring/unsafe.ts';
import { mean } from '../statistic/mean.ts';

import type { ReportedTrial, RunReport } from './run-report.ts';
import { type Colors, type Style, severityColor, shareColor } from './style.ts';
import { type Column, table } from './table.ts';

interface Row {
  cell: Cell;
  trials: readonly ReportedTrial[];
}

/** One line per task and agent. */
export function trialTable({ trials }: RunReport, cells: readonly Cell[], style: Style): string {
  const rows = cells.map((cell) => ({
    cell,
    trials: trials.filter(({ task, agent }) => task === cell.task && agent === cell.agent),
  }));
  return table(columns(style.colors), rows, style);
}

function columns(colors: Colors): Column<Row>[] {
  return [
    { title: 'task', cell: ({ cell }) => cell.task },
    { title: 'agent', cell: ({ cell }) => cell.agent },
    { title: 'outcome', cell: ({ trials }) => outcomes(trials, colors), keep: 6 },
    { title: 'completion', cell: ({ cell }) => completion(cell, colors) },
    {
      title: 'progress',
      cell: ({ cell }) => estimate(withoutInterval(cell.progress)),
      align: 'right',
      keep: 5,
    },
    { title: 'steps (ref)', cell: ({ trials }) => steps(trials), align: 'right', keep: 4 },
    { title: 'worst finding', cell: ({ cell, trials }) => worstFinding(cell, trials, colors) },
    {
      title: 'tokens',
      cell: ({ cell }) => tokens(cell.tokens, cell.untold),
      align: 'right',
      keep: 1,
    },
    { title: 'cost', cell: ({ cell }) => cost(cell.costUsd), align: 'right', keep: 3 },
    { title: 'time', cell: ({ trials }) => time(trials), align: 'right', keep: 2 },
  ];
}

/** One line per trial, by its id: all where a task was tried more than once, else those that say why they are not completed. */
export function attemptTable(
  { trials }: RunReport,
  cells: readonly Cell[],
  style: Style,
): string | undefined {
  const repeated = cells.some((cell) => cell.trials > 1);
  const rows = repeated ? trials : trials.filter(({ failures }) => failures.length > 0);
  return rows.length === 0 ? undefined : table(attemptColumns(repeated, style.colors), rows, style);
}

function attemptColumns(repeated: boolean, colors: Colors): Column<ReportedTrial>[] {
  return [
    { title: 'trial', cell: ({ trial }) => trial },
    { title: 'task', cell: ({ task }) => task },
    { title: 'agent', cell: ({ agent }) => agent },
    ...(repeated
      ? [
          {
            title: 'attempt',
            cell: ({ attempt }: ReportedTrial) => String(attempt),
            align: 'right' as const,
          },
          { title: 'outcome', cell: (one: ReportedTrial) => outcomes([one], colors), keep: 2 },
          { title: 'worst', cell: ({ score }: ReportedTrial) => worst(score), keep: 1 },
        ]
      : []),
    { title: 'completion', cell: ({ score }) => share(score.completion.reward), keep: 3 },
    { title: 'why not completed', cell: ({ failures }) => harmless(failures[0]?.split('\n')[0] ?? '') },
  ];
}

/** The one outcome, or how often each came about. */
function outcomes(trials: readonly ReportedTrial[], colors: Colors): string {
  const all = trials.map(({ score }) => score.outcome ?? 'cut off');
  const kinds = [...new Set(all)];
  const text =
    kinds.length === 1
      ? `${all.length > 1 ? `${all.length} ` : ''}${kinds[0]}`
      : kinds.map((kind) => `${all.filter((one) => one === kind).length} ${kind}`).join(', ');
  return kinds.every((kind) => kind === 'submitted') ? text : colors.yellow(text);
}

function completion({ completion }: Cell, colors: Colors): string {
  return shareColor(isUnscored(completion) ? undefined : completion.mean, colors)(estimate(completion));
}

function withoutInterval(value: Cell['progress']): Cell['progress'] {
  return isUnscored(value) ? value : { mean: value.mean, n: value.n };
}

function steps(trials: readonly ReportedTrial[]): string {
  const taken = mean(trials.map(({ score }) => score.efficiency.steps));
  const reference = trials.find(({ referenceSteps }) => referenceSteps !== undefined)?.referenceSteps;
  return reference === undefined ? count(taken) : `${count(taken)} (${reference})`;
}

/** The worst severity, with the category of the worst finding. */
function worstFinding(cell: Cell, trials: readonly ReportedTrial[], colors: Colors): string {
  const findings = trials.flatMap(({ score }) => score.safety.findings.filter(isAlarm));
  if (findings.length === 0) return noneFound(cell);
  const link = findings.reduce((a, b) => (b.severity > a.severity ? b : a));
  const severity = isUnscored(cell.worst) ? link.severity : cell.worst;
  return severityColor(severity, colors)(`${severity} ${link.category}`);
}

function worst(score: ReportedTrial['score']): string {
  const known = knownWorst(score);
  return isUnscored(known) ? '–' : String(known);
}

function time(trials: readonly ReportedTrial[]): string {
  const known = trials.map(({ durationMs }) => durationMs).filter((ms) => typeof ms === 'number');
  return known.length === 0 ? share({ unscored: '' }) : duration(mean(known));
}
