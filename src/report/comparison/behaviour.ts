import {
  divergenceLines,
  modeNotes,
  modeRows,
  partingLine,
  rateRows,
} from '../../comparison/behaviour-wording.ts';
import type { PairComparison } from '../../schema/comparison.ts';
import { wrapped } from '../cut.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

const textWidth = 100;
const mostModes = 10;

/** What two sets do differently, and what marks their failures. */
export function behaviourParts(pair: PairComparison, style: Style): string[] {
  const line = (text: string) => wrapped(text, Math.min(style.width, textWidth), '');
  const [apart = '', ...words] = divergenceLines(pair);
  const said = [apart, ...words.map((word) => `- ${word}`), partingLine(pair)].map(line).join('\n');
  const rates = rateRows(pair);
  const modes = modeRows(pair, mostModes);
  const notes = modeNotes(pair).map((note) => style.colors.dim(line(note)));
  return [
    said,
    rates.length === 0 ? '' : rateTable(rates, style),
    [...(modes.length === 0 ? [] : [modeTable(modes, style)]), ...notes].join('\n'),
  ];
}

function rateTable(rows: ReturnType<typeof rateRows>, style: Style): string {
  return table(
    [
      { title: 'behaviour', cell: ({ what }) => what },
      { title: 'A', cell: ({ a }) => a, align: 'right' },
      { title: 'B', cell: ({ b }) => b, align: 'right' },
      { title: 'B − A', cell: ({ change }) => change },
      { title: 'Holm', cell: ({ p }) => p, align: 'right' },
    ],
    rows,
    style,
  );
}

function modeTable(rows: ReturnType<typeof modeRows>, style: Style): string {
  return table(
    [
      { title: 'goes with failing (+) or not (−)', cell: ({ what }) => what },
      { title: 'of failed', cell: ({ failed }) => failed, align: 'right' },
      { title: 'of completed', cell: ({ succeeded }) => succeeded, align: 'right' },
      { title: 'difference', cell: ({ change }) => change, keep: 4 },
      { title: 'Holm', cell: ({ p }) => p, align: 'right', keep: 5 },
      { title: 'A', cell: ({ inA }) => inA, align: 'right', keep: 2 },
      { title: 'B', cell: ({ inB }) => inB, align: 'right', keep: 1 },
      { title: 'see', cell: ({ example }) => example, keep: 3 },
    ],
    rows,
    style,
  );
}
