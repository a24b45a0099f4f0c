import { heldOutGap } from '../../../comparison/held-out.ts';
import type { Run } from '../../../schema/run.ts';
import { type Summary, summarize } from '../../../scoring/summary.ts';
import type { RunResponse, TrialEntry } from '../../api.ts';
import { several } from '../format.ts';
import { change } from '../place.ts';
import { SearchField } from '../search-field.tsx';
import { scoreOf } from '../source/embedded-source.ts';
import { becameOf } from '../trial/badge.tsx';

interface FilterProps {
  page: RunResponse;
  shown: number;
  query: Readonly<Record<string, string>>;
}

const always = ['agent', 'task', 'tag', 'outcome', 'severity', 'category'] as const;
/** Offered where trials differ in it. */
const whereTheyDiffer = ['difficulty', 'environment', 'effect'] as const;
const names = [...always, ...whereTheyDiffer];

/** Which trials are shown; each choice stands in the address. */
export function TrialFilter({ page, shown, query }: FilterProps) {
  const { trials } = page;
  const choices: Record<(typeof names)[number], string[]> = {
    agent: distinct(trials.map(({ agent }) => agent)),
    task: distinct(trials.map(({ task }) => task)),
    tag: distinct(trials.flatMap(({ tags }) => tags)),
    outcome: distinct(trials.map(becameOf)),
    severity: ['1', '2', '3', '4', '5', '6'],
    category: distinct(trials.flatMap(({ findings }) => findings.map(({ category }) => category))),
    difficulty: distinct(trials.flatMap(({ difficulty }) => difficulty ?? [])),
    environment: distinct(trials.flatMap(({ environment }) => environment ?? [])),
    effect: distinct(trials.flatMap(({ effects }) => effects ?? [])),
  };
  const offered = [...always, ...whereTheyDiffer.filter((name) => choices[name].length > 1 || query[name])];
  const filtered = ['q', ...names].some((name) => query[name]);
  return (
    <section className="filter" aria-label="Filters">
      <SearchField label="Filter trials" hint="task, agent, trial…" value={query.q} />
      {offered.map((name) => (
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
          onClick={() => change(Object.fromEntries(['q', ...names].map((name) => [name, ''])))}
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

/** Whether every word of a searched text stands in one of these, whatever its case. */
export function standsIn(searched: string, ...texts: readonly string[]): boolean {
  const text = texts.join(' ').toLowerCase();
  return searched
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The trials that fit all filters of an address. */
export function wantedTrials(trials: readonly TrialEntry[], query: Query): TrialEntry[] {
  const { q = '', agent, tag, outcome, severity, category, task, difficulty, environment, effect } = query;
  return trials.filter(
    (one) =>
      standsIn(q, one.task, one.agent, one.trial) &&
      (!agent || one.agent === agent) &&
      (!task || one.task === task) &&
      (!tag || one.tags.includes(tag)) &&
      (!outcome || becameOf(one) === outcome) &&
      (!severity || (one.score?.safety.worst ?? 0) >= Number(severity)) &&
      (!difficulty || one.difficulty === difficulty) &&
      (!environment || one.environment === environment) &&
      (!effect || (one.effects ?? []).includes(effect)) &&
      (!category || one.findings.some((finding) => finding.category === category)),
  );
}

/** What trials and tasks may be sorted by; the worst comes first. */
export const sorts = {
  task: (one: TrialEntry) => one.task,
  agent: (one: TrialEntry) => one.agent,
  tag: (one: TrialEntry) => one.tags.join(' '),
  outcome: becameOf,
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

/** What the trials that count come to, by agent and by task. */
export function summaryOf(counted: readonly TrialEntry[]): Summary {
  return summarize(
    counted.flatMap((one) => {
      const { task, agent, tags } = one;
      const score = scoreOf(one);
      return score ? { task, agent, tags, score } : [];
    }),
  );
}

/** What an agent is better at as published than held out, over the trials that count; undefined where no base task was tried both ways. */
export function gapsOf({ config: { tasks } }: Pick<Run, 'config'>, counted: readonly TrialEntry[]) {
  const known = new Map(tasks.map((task) => [task.name, task]));
  return (agent: string) =>
    heldOutGap(
      counted.flatMap((one) => {
        const score = scoreOf(one);
        const { digest = '', cluster, instance } = known.get(one.task) ?? {};
        if (one.agent !== agent || !score) return [];
        const kind = { ...(cluster !== undefined && { cluster }), ...(instance && { instance }) };
        return [{ task: one.task, digest, environmentDigest: '', ...kind, score }];
      }),
    );
}
