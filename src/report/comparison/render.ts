import {
  amount,
  capabilityName,
  chance,
  change,
  flipLine,
  flipTitles,
  leftOut,
  measureCells,
  scorecardNotes,
  setLine,
} from '../../comparison/wording.ts';
import { several } from '../../format.ts';
import type {
  Capability,
  Comparison,
  Flip,
  FlipKind,
  Measure,
  PairComparison,
} from '../../schema/comparison.ts';
import { isUnscored } from '../../schema/score.ts';
import { wrapped } from '../cut.ts';
import type { Style } from '../style.ts';
import { type Column, table } from '../table.ts';
import { behaviourParts } from './behaviour.ts';
import { lane } from './lane.ts';
import { renderMany } from './many.ts';

const textWidth = 100;
const mostCapabilities = 12;
const mostFlips = 10;

/** A comparison as text: what can be quoted first, then the figures that it rests on. */
export function renderComparison(comparison: Comparison, style: Style): string {
  const { sets, pairs, many } = comparison;
  const { bold } = style.colors;
  const legend = sets.map((set) => `${bold(set.key)}  ${setLine(set)}`).join('\n');
  const [only] = pairs;
  const parts = many || !only ? renderMany(comparison, style) : renderPair(only, comparison, style);
  return `${[legend, ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

function renderPair(pair: PairComparison, { sets }: Comparison, style: Style): string[] {
  const { bold } = style.colors;
  return [
    bold(paragraph(pair.verdict.sentence, style)),
    pair.heldOut ? paragraph(pair.heldOut.sentence, style) : '',
    leftOut(pair.pairing, sets)
      .map((line) => paragraph(line, style))
      .join('\n'),
    scorecardTable(pair.scorecard, style),
    capabilityTable(pair.capabilities, style),
    ...(pair.pairing.design === 'paired' ? [flipTables(pair, style)] : []),
    ...behaviourParts(pair, style),
  ];
}

/** Text in lines that fit. */
function paragraph(text: string, { width }: Style): string {
  return wrapped(text, Math.min(width, textWidth), '');
}

function scorecardTable(measures: readonly Measure[], style: Style): string {
  const rows = measures.map(measureCells);
  type Row = (typeof rows)[number];
  const columns: Column<Row>[] = [
    { title: 'scorecard', cell: ({ name }) => name },
    { title: 'A', cell: ({ a }) => a, align: 'right' },
    { title: 'B', cell: ({ b }) => b, align: 'right' },
    { title: 'B − A', cell: (row) => row.change },
    { title: 'p', cell: ({ p }) => p, align: 'right' },
    { title: 'Holm', cell: ({ holm }) => holm, align: 'right', keep: 3 },
    { title: 'P(B better)', cell: ({ better }) => better, align: 'right', keep: 2 },
    { title: 'B / A', cell: ({ times }) => times, keep: 1 },
  ];
  return notes(table(columns, rows, style), scorecardNotes(measures), style);
}

function capabilityTable(capabilities: readonly Capability[], style: Style): string {
  if (capabilities.length === 0) return '';
  const rows = capabilities.slice(0, mostCapabilities);
  const columns: Column<Capability>[] = [
    { title: 'where', cell: capabilityName },
    { title: 'tasks', cell: ({ tasks }) => String(tasks.length), align: 'right' },
    {
      title: 'A',
      cell: ({ figure }) => (isUnscored(figure) ? '–' : amount(figure.a, 'share')),
      align: 'right',
      keep: 1,
    },
    {
      title: 'B',
      cell: ({ figure }) => (isUnscored(figure) ? '–' : amount(figure.b, 'share')),
      align: 'right',
      keep: 1,
    },
    {
      title: 'worse         ┊     better',
      cell: ({ figure }) =>
        isUnscored(figure) || !figure.interval ? '' : lane(figure.difference, figure.interval),
      keep: 2,
    },
    {
      title: 'B − A',
      cell: ({ figure }) => (isUnscored(figure) ? figure.unscored : change(figure, 'share')),
    },
    { title: 'p', cell: ({ adjusted }) => chance(adjusted ?? 1), align: 'right' },
  ];
  const rest = capabilities.length - rows.length;
  return notes(
    table(columns, rows, style),
    [
      `Completion of tasks that have something in common; p after correction over ${several(capabilities.length, 'group')}.`,
      ...(rest > 0 ? [`${several(rest, 'group')} with less evidence: see --json.`] : []),
    ],
    style,
  );
}

function flipTables(pair: PairComparison, style: Style): string {
  const kinds = Object.keys(flipTitles) as FlipKind[];
  const tables = kinds.flatMap((kind) => {
    const own = pair.flips.filter((flip) => flip.kind === kind);
    return own.length === 0 ? [] : [flipTable(flipTitles[kind], own, style)];
  });
  const head = paragraph(`Flips: ${flipLine(pair, { b: 'B' })}.`, style);
  const first = pair.flips[0];
  const open = first
    ? `Read a trial with: proctor show ${first.b.trial.trial}; two side by side in: proctor view`
    : '';
  return [head, ...tables, ...(open === '' ? [] : [style.colors.dim(open)])].join('\n');
}

function flipTable(title: string, flips: readonly Flip[], style: Style): string {
  const shown = flips.slice(0, mostFlips);
  const columns: Column<Flip>[] = [
    { title, cell: ({ task }) => `  ${task}` },
    { title: 'A', cell: ({ a }) => `${a.count} of ${a.of}`, align: 'right' },
    { title: 'B', cell: ({ b }) => `${b.count} of ${b.of}`, align: 'right' },
    { title: 'A’s trial', cell: ({ a }) => a.trial.trial },
    { title: 'B’s trial', cell: ({ b }) => b.trial.trial },
  ];
  const rest = flips.length - shown.length;
  return notes(
    table(columns, shown, style),
    rest > 0 ? [`and ${several(rest, 'other task')}: see --json`] : [],
    style,
  );
}

function notes(text: string, lines: readonly string[], style: Style): string {
  return [text, ...lines.map((line) => style.colors.dim(paragraph(line, style)))].join('\n');
}
