import type { TrialEntry } from '../../api.ts';

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
