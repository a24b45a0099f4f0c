import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Style } from './style.ts';

export interface Column<Row> {
  title: string;
  cell(row: Row): string;
  align?: 'right';
  /** Where not all columns fit, those with the highest numbers are kept; those without a number always are. */
  keep?: number;
}

const gap = 2;
/** Columns apart, and no other border. */
const sides = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
  ['', '-mid', '-left', '-right'].map((end) => [`${side}${end}`, '']),
);
const border = { ...Object.fromEntries(sides), middle: ' '.repeat(gap) };
const narrowest = 12;

/**
 * A table that fits the width it is given: columns that matter least are left out, and named below it; of what stays,
 * the widest are cut.
 */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const drawn = columns.map((column) => drawColumn(column, rows));
  const kept = narrowed(drawn, style.width);
  const widths = shrunk(kept, style.width);
  const text = new Table({
    head: kept.map(({ column }) => style.colors.bold(column.title)),
    colAligns: kept.map(({ column }) => column.align ?? 'left'),
    colWidths: widths,
    chars: border,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  text.push(...rows.map((_, row) => kept.map(({ cells }) => cells[row] ?? '')));
  const left = drawn.filter((one) => !kept.includes(one)).map(({ column }) => column.title);
  const note = left.length > 0 ? [style.colors.dim(`left out, too narrow: ${left.join(', ')}`)] : [];
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
  const kept = new Set(drawn.filter(({ column }) => column.keep === undefined));
  const optional = drawn.filter((one) => !kept.has(one));
  for (const one of optional.sort((a, b) => (b.column.keep ?? 0) - (a.column.keep ?? 0))) {
    if (total([...kept, one]) <= width) kept.add(one);
  }
  return drawn.filter((one) => kept.has(one));
}

function total<Row>(drawn: readonly Drawn<Row>[]): number {
  return drawn.reduce((sum, { width }) => sum + width + gap, -gap);
}

function shrunk<Row>(drawn: readonly Drawn<Row>[], width: number): number[] {
  const widths = drawn.map((one) => one.width);
  for (let over = total(drawn) - width; over > 0; over--) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}
