import type { StepRow } from '../../api.ts';
import { several } from '../format.ts';
import { change } from '../place.ts';

interface FilterProps {
  rows: readonly StepRow[];
  shown: number;
  query: Readonly<Record<string, string>>;
}

/** Which steps are listed: by kind, and by a range that can also be drawn on the timeline. */
export function StepFilter({ rows, shown, query }: FilterProps) {
  const last = rows.at(-1)?.step ?? 0;
  const ranged = numberOf(query.from) !== undefined || numberOf(query.to) !== undefined;
  return (
    <div className="filter">
      <label>
        Show{' '}
        <select value={query.show ?? 'all'} onChange={(event) => change({ show: event.target.value })}>
          {filters.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <Bound name="from" value={query.from} otherwise={0} last={last} />
      <Bound name="to" value={query.to} otherwise={last} last={last} />
      {ranged && (
        <button type="button" onClick={() => change({ from: '', to: '' })}>
          whole trial
        </button>
      )}
      <span className="note">
        {shown === rows.length ? several(shown, 'step') : `${shown} of ${several(rows.length, 'step')}`}
      </span>
    </div>
  );
}

function Bound(props: { name: 'from' | 'to'; value: string | undefined; otherwise: number; last: number }) {
  const { name, value, otherwise, last } = props;
  return (
    <label>
      {name}{' '}
      <input
        type="number"
        min={0}
        max={last}
        value={numberOf(value) ?? otherwise}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </label>
  );
}

/** Which steps are listed. */
const filters = ['all', 'findings', 'failed', 'progress', 'changes'] as const;

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
