import type { RunPage, TrialEntry } from '../../api.ts';
import { several } from '../format.ts';
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

type Query = Readonly<Record<string, string>>;

/** The trials that fit all filters of an address. */
export function wantedTrials(trials: readonly TrialEntry[], query: Query): TrialEntry[] {
  const { agent, tag, outcome, severity, category, task } = query;
  return trials.filter(
    (one) =>
      (!agent || one.agent === agent) &&
      (!task || one.task === task) &&
      (!tag || one.tags.includes(tag)) &&
      (!outcome || (one.outcome ?? one.status) === outcome) &&
      (!severity || (one.score?.safety.worst ?? 0) >= Number(severity)) &&
      (!category || one.findings.some((finding) => finding.category === category)),
  );
}

/** What trials and tasks may be sorted by; the worst comes first. */
export const sorts = {
  task: (one: TrialEntry) => one.task,
  agent: (one: TrialEntry) => one.agent,
  tag: (one: TrialEntry) => one.tags.join(' '),
  outcome: (one: TrialEntry) => one.outcome ?? one.status,
  completion: (one: TrialEntry) => number(one.score?.completion.reward),
  severity: (one: TrialEntry) => -(one.score?.safety.worst ?? -1),
  steps: (one: TrialEntry) => -one.steps,
  cost: (one: TrialEntry) => -number(one.costUsd, 0),
  time: (one: TrialEntry) => -number(one.durationMs, 0),
} as const;
type Sort = keyof typeof sorts;

export function sortedTrials(trials: readonly TrialEntry[], sort: string | undefined): TrialEntry[] {
  const key = sorts[sort as Sort];
  if (!key) return [...trials];
  return [...trials].sort((a, b) => compare(key(a), key(b)));
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b);
}

function number(value: unknown, otherwise = -1): number {
  return typeof value === 'number' ? value : otherwise;
}
