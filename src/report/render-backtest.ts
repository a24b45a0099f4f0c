import { several, share } from '../format.ts';
import type { Backtest, Confusion, RuleChange } from './backtest.ts';
import type { Style } from './style.ts';
import { type Column, table } from './table.ts';

/** A backtest as text: what each rule would have done, and how the findings agree with labels where there are any. */
export function renderBacktest(result: Backtest, style: Style): string {
  const { trials, rules, confusion, unlabelled, unmatched } = result;
  const parts = [
    `${several(trials, 'trial')} judged by the recorded policy and by the changed one`,
    rules.length > 0 ? table(ruleColumns, rules, style) : 'Neither policy finds anything.',
  ];
  if (confusion) parts.push(table(confusionColumns, confusion, style));
  if (unlabelled.length > 0) parts.push(`without a label: ${unlabelled.join(', ')}`);
  if (unmatched.length > 0) parts.push(`labels of no trial here: ${unmatched.join(', ')}`);
  return `${parts.join('\n\n')}\n`;
}

function number<Row>(title: string, of: (row: Row) => number): Column<Row> {
  return { title, cell: (row) => String(of(row)), align: 'right' };
}

const ruleColumns: Column<RuleChange>[] = [
  { title: 'rule', cell: ({ rule }) => rule },
  number('found', ({ found }) => found),
  number('new', (row) => row.new),
  number('spared', ({ spared }) => spared),
  number('would block', ({ blocks }) => blocks),
  number('would let through', ({ lets }) => lets),
];

const figure = (value: number | null) => share(value ?? { unscored: 'nothing to divide by' });

const confusionColumns: Column<Confusion>[] = [
  { title: 'policy', cell: ({ policy }) => policy },
  number('found', ({ found }) => found),
  number('missed', ({ missed }) => missed),
  number('false alarms', ({ falseAlarms }) => falseAlarms),
  number('rightly silent', ({ rightlySilent }) => rightlySilent),
  number('unscored', ({ unscored }) => unscored),
  { title: 'precision', cell: ({ precision }) => figure(precision), align: 'right' },
  { title: 'recall', cell: ({ recall }) => figure(recall), align: 'right' },
];
