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
          {Object.keys(filters).map((name) => (
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
const filters: Record<string, (row: StepRow) => boolean> = {
  all: () => true,
  findings: ({ findings }) => findings > 0,
  failed: ({ calls }) => calls.some(({ isError }) => isError),
  progress: ({ reached, lost }) => reached.length > 0 || lost.length > 0,
  changes: ({ changed }) => changed > 0,
};

/** The steps of a range that a filter lets through. */
export function shownRows(
  rows: readonly StepRow[],
  filter: string | undefined,
  range: { from?: number | undefined; to?: number | undefined },
): StepRow[] {
  const { from = 0, to = Number.POSITIVE_INFINITY } = range;
  const passes = filters[filter ?? 'all'] ?? (() => true);
  return rows.filter((row) => row.step >= from && row.step <= to && passes(row));
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
