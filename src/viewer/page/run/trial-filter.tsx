import type { RunPage } from '../../api.ts';
import { several } from '../figure.ts';
import { change } from '../place.ts';

interface FilterProps {
  page: RunPage;
  shown: number;
  query: Readonly<Record<string, string>>;
}

const names = ['agent', 'task', 'tag', 'outcome', 'severity', 'category'] as const;

/** Which trials are shown; each choice stands in the address. */
export function TrialFilter({ page, shown, query }: FilterProps) {
  const { trials } = page;
  const choices: Record<(typeof names)[number], string[]> = {
    agent: distinct(trials.map(({ agent }) => agent)),
    task: distinct(trials.map(({ task }) => task)),
    tag: distinct(trials.flatMap(({ tags }) => tags)),
    outcome: distinct(trials.map(({ outcome, status }) => outcome ?? status)),
    severity: ['1', '2', '3', '4', '5', '6'],
    category: distinct(trials.flatMap(({ findings }) => findings.map(({ category }) => category))),
  };
  const filtered = names.some((name) => query[name]);
  return (
    <section className="filter" aria-label="Filters">
      {names.map((name) => (
        <label key={name}>
          {name === 'severity' ? 'severity from' : name}{' '}
          <select value={query[name] ?? ''} onChange={(event) => change({ [name]: event.target.value })}>
            <option value="">any</option>
            {choices[name].map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      ))}
      {filtered && (
        <button
          type="button"
          className="quiet"
          onClick={() => change(Object.fromEntries(names.map((name) => [name, ''])))}
        >
          all trials
        </button>
      )}
      <span className="note" role="status">
        {filtered ? `${shown} of ${several(trials.length, 'trial')}` : several(shown, 'trial')}
      </span>
    </section>
  );
}

const distinct = (values: readonly string[]) => [...new Set(values)].sort();
