import type { StepRow } from '../../api.ts';

/** Which steps are listed. */
export const filters = ['all', 'findings', 'failed', 'progress', 'changes'] as const;

/** The steps of a range that a filter lets through. */
export function shownRows(
  rows: readonly StepRow[],
  filter: string | undefined,
  range: { from?: number | undefined; to?: number | undefined },
): StepRow[] {
  const { from = 0, to = Number.POSITIVE_INFINITY } = range;
  return rows.filter((row) => row.step >= from && row.step <= to && passes(row, filter));
}

function passes(row: StepRow, filter: string | undefined): boolean {
  if (filter === 'findings') return row.findings > 0;
  if (filter === 'failed') return row.calls.some(({ isError }) => isError);
  if (filter === 'progress') return row.reached.length > 0 || row.lost.length > 0;
  if (filter === 'changes') return row.changed > 0;
  return true;
}

/** The next step, in one direction, that is wanted; the one it started from where there is none. */
export function nextStep(
  rows: readonly StepRow[],
  from: number,
  direction: 1 | -1,
  wanted: (row: StepRow) => boolean = () => true,
): number {
  const ahead = direction > 0 ? rows : [...rows].reverse();
  return ahead.find((row) => (row.step - from) * direction > 0 && wanted(row))?.step ?? from;
}

/** A whole number of an address; undefined where there is none. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
