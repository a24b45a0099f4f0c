import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Style } from './style.ts';

export interface Column<Row> {
  title: string;
  cell(row: Row): string;
  align?: 'right';
  /** Columns with the lowest number go first where the table is too wide; without one a column stays. */
  keep?: number;
}

const border = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
const gap = 2;
const narrowest = 12;

/** A table that fits the width it is given: columns that matter least are left out, and named below it. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const drawn = columns.map((column) => drawColumn(column, rows));
  const kept = narrowed(drawn, style.width);
  const [first] = kept;
  const over = total(kept) - style.width;
  const widths = first && over > 0 ? [Math.max(narrowest, first.width - over)] : [];
  const text = new Table({
    head: kept.map(({ column }) => style.colors.bold(column.title)),
    colAligns: kept.map(({ column }) => column.align ?? 'left'),
    colWidths: widths,
    chars: border,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  text.push(...rows.map((_, row) => kept.map(({ cells }) => cells[row] ?? '')));
  const left = drawn.filter((one) => !kept.includes(one)).map(({ column }) => column.title);
  const note = left.length > 0 ? [style.colors.dim(`left out for want of width: ${left.join(', ')}`)] : [];
  return [
    ...text
      .toString()
      .split('\n')
      .map((line) => line.trimEnd()),
    ...note,
  ].join('\n');
}

interface Drawn<Row> {
  column: Column<Row>;
  cells: string[];
  width: number;
}

function drawColumn<Row>(column: Column<Row>, rows: readonly Row[]): Drawn<Row> {
  const cells = rows.map((row) => column.cell(row));
  const lengths = [column.title, ...cells].map((text) => stripVTControlCharacters(text).length);
  return { column, cells, width: Math.max(...lengths) };
}

function narrowed<Row>(drawn: readonly Drawn<Row>[], width: number): Drawn<Row>[] {
  const least = drawn
    .filter(({ column }) => column.keep !== undefined)
    .sort((a, b) => (a.column.keep ?? 0) - (b.column.keep ?? 0))[0];
  if (total(drawn) <= width || !least) return [...drawn];
  return narrowed(
    drawn.filter((one) => one !== least),
    width,
  );
}

function total<Row>(drawn: readonly Drawn<Row>[]): number {
  return drawn.reduce((sum, { width }) => sum + width + gap, -gap);
}
