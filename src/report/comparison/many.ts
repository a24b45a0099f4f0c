import { amount, flipLine, leftOut, probability } from '../../comparison/wording.ts';
import { money } from '../../format.ts';
import type { Comparison, ManyComparison, PairComparison } from '../../schema/comparison.ts';
import { isUnscored, type Unscored } from '../../schema/score.ts';
import { indent, wrapped } from '../cut.ts';
import type { Style } from '../style.ts';
import { type Column, table } from '../table.ts';

const textWidth = 100;

/** Three sets or more: each pair's verdict, who can't be told apart, and cost against completion. */
export function renderMany({ sets, pairs, many }: Comparison, style: Style): string[] {
  const { bold, dim } = style.colors;
  const width = Math.min(style.width, textWidth);
  const name = (key: string) => sets.find((set) => set.key === key)?.name ?? key;
  const verdicts = pairs.map((pair) =>
    [
      bold(wrapped(`${pair.a}–${pair.b}  ${pair.verdict.sentence}`, width, '     ')),
      ...[
        ...(pair.heldOut ? [pair.heldOut.sentence] : []),
        ...leftOut(pair.pairing, ofPair(sets, pair)),
        `${flipLine(pair, { b: name(pair.b) })}.`,
      ].map((line) => indent(wrapped(line, width - 5, ''), '     ')),
    ].join('\n'),
  );
  const details = dim(
    'Scorecard, capabilities and flips of one pair: proctor compare with two of them; all of them: --json',
  );
  return [...verdicts, ...(many ? [groupLines(many, name), frontierTable(many, name, style)] : []), details];
}

/** The sets of a pair. */
export const ofPair = (sets: Comparison['sets'], { a, b }: Pick<PairComparison, 'a' | 'b'>) =>
  sets.filter(({ key }) => key === a || key === b);

export function groupLines({ groups }: ManyComparison, name: (key: string) => string): string {
  const lines = groups.map((group) => `  ${group.map((key) => `${key} ${name(key)}`).join(' · ')}`);
  return ['Can’t be told apart, the most complete first:', ...lines].join('\n');
}

type Point = Exclude<ManyComparison['frontier'], Unscored>['points'][number];

function frontierTable({ frontier }: ManyComparison, name: (key: string) => string, style: Style): string {
  if (isUnscored(frontier)) return `Cost against completion: ${frontier.unscored}.`;
  const columns: Column<Point>[] = [
    { title: 'cost against completion', cell: ({ key }) => `${key} ${name(key)}` },
    { title: 'completion', cell: ({ completion }) => amount(completion, 'share'), align: 'right' },
    { title: 'per trial', cell: ({ costUsd }) => money(costUsd), align: 'right' },
    { title: 'on the frontier', cell: frontierText },
    { title: 'P(on it)', cell: (point) => probability(point.probability), align: 'right' },
  ];
  return table(columns, frontier.points, style);
}

export const frontierText = ({ onFrontier, onHull }: Point) =>
  onHull ? 'yes' : onFrontier ? 'yes, but a mix of two others beats it' : 'no';
