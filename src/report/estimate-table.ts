import { several, share } from '../format.ts';
import { isUnscored } from '../schema/score.ts';
import type { SuiteEstimate } from '../schema/suite-estimate.ts';
import type { RunReport } from './run-report.ts';
import type { Style } from './style.ts';
import { type Column, table } from './table.ts';

const methods = { 'p-irt': 'by ability (p-IRT)', stratified: 'by strata' };

/** What a run that chose its tasks says of its agents at the whole suite; the plain mean of what was run beside it. */
export const estimateColumns: Column<SuiteEstimate>[] = [
  { title: 'agent', cell: ({ agent }) => agent },
  { title: 'whole suite, estimated', cell: ({ estimate }) => estimated(estimate) },
  {
    title: 'over',
    cell: ({ estimate }) => (isUnscored(estimate) ? '' : several(estimate.over, 'task')),
    align: 'right',
  },
  { title: 'method', cell: ({ estimate }) => (isUnscored(estimate) ? '' : methods[estimate.method]) },
  { title: 'plain mean', cell: ({ plain }) => estimated(plain) },
  { title: 'of', cell: ({ tasks }) => several(tasks.scored, 'task'), align: 'right' },
  {
    title: 'ability',
    cell: ({ ability }) => (ability ? `${ability.value.toFixed(2)} ± ${ability.error.toFixed(2)}` : ''),
    align: 'right',
  },
];

function estimated(
  value: { mean: number; interval?: { low: number; high: number } | undefined } | { unscored: string },
): string {
  if (isUnscored(value)) return '–';
  const { mean, interval } = value;
  return interval ? `${share(mean)} [${share(interval.low)}, ${share(interval.high)}]` : share(mean);
}

/** What has to be known of these estimates, one sentence each. */
export function estimateNotes(estimates: readonly SuiteEstimate[]): string[] {
  const [first] = estimates;
  if (!first) return [];
  const { mode, bank, unknown } = first;
  const chosen =
    mode === 'adaptive'
      ? 'The tasks that tell most were run, so that the plain mean is not that of the suite.'
      : 'Tasks were drawn by lot from each group of difficulty.';
  return [
    `Estimated, not measured: difficulties are those of ${several(bank.agents, 'agent')} and ${several(bank.trials, 'trial')}. ${chosen}`,
    ...estimates.flatMap(({ agent, estimate, extrapolates, stopped }) => [
      ...(isUnscored(estimate) ? [`${agent}: no estimate: ${estimate.unscored}.`] : []),
      ...(extrapolates === undefined ? [] : [`${agent}: ${extrapolates}.`]),
      ...(stopped ? [`${agent} ended: ${stopped.reason}.`] : [`${agent}: not at its end yet.`]),
    ]),
    ...(unknown.length > 0
      ? [
          `Not known to the bank${mode === 'adaptive' ? ', in no estimate' : ''}: ${unknown.map(({ task, why }) => `${task} (${why})`).join(', ')}.`,
        ]
      : []),
  ];
}

/** Undefined where the run did not choose its tasks. */
export function estimateTable({ estimates = [] }: RunReport, style: Style): string | undefined {
  if (estimates.length === 0) return undefined;
  return [table(estimateColumns, estimates, style), ...estimateNotes(estimates)].join('\n');
}
