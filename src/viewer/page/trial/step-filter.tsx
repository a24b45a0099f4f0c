import type { StepRow } from '../../api.ts';
import { several } from '../figure.ts';
import { change } from '../place.ts';
import { filters, numberOf } from './shown-rows.ts';

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
