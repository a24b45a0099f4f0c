import type { InstanceTag } from '../schema/instance.ts';
import type { Outcome } from '../schema/outcome.ts';
import { isUnscored, type TrialScore } from '../schema/score.ts';
import { counts } from '../scoring/tally.ts';

/** One trial of a set, as far as comparisons look at it. */
export interface SetTrial {
  run: string;
  trial: string;
  /** Folder of the trace. */
  dir: string;
  task: string;
  /** sha256 of the task's folder, and of its environment's. */
  digest: string;
  environmentDigest: string;
  /** What tasks share that are no independent tries, such as a template; absent where they name none. */
  cluster?: string;
  /** Which instance of a task it is; absent where the task ran as it is published. */
  instance?: InstanceTag;
  agent: string;
  attempt: number;
  tags: readonly string[];
  difficulty?: string;
  environment: string;
  /** What the task's contract lets its agent do to the world, such as `changes files`. */
  effects: readonly string[];
  outcome: Outcome | null;
  score: TrialScore;
}

/** Trials that are compared as one, such as those of one agent in a run. */
export interface TrialSet {
  /** As it was asked for. */
  selector: string;
  trials: readonly SetTrial[];
  /** Trials of it that cannot be read. */
  unreadable: readonly { run: string; trial: string; message: string }[];
}

/** Which trials of a set are looked at; empty lists let all through. */
export interface TrialFilter {
  /** Names of tasks, or of suites. */
  task: readonly string[];
  tag: readonly string[];
  agent: readonly string[];
}

/** Whether a trial has a reward and counts in figures. */
export function isScored({ score }: Pick<SetTrial, 'score'>): boolean {
  return counts(score) && !isUnscored(score.completion.reward);
}

export function isInfrastructureError({ outcome }: SetTrial): boolean {
  return outcome === 'infrastructure-error';
}

/** What makes trials of two sets trials of the same task. */
export function taskKey({
  task,
  digest,
  environmentDigest,
}: Pick<SetTrial, 'task' | 'digest' | 'environmentDigest'>): string {
  return `${task} ${digest} ${environmentDigest}`;
}

/** What an agent may be called: by its id and, where that is a file, by the name of what it exports or of the file alone. */
export function agentNames(agent: string): string[] {
  const [, file, exported] = /^(?:py:)?(?:.*\/)?([^/:]+)\.(?:[cm]?[jt]s|py)(?::(\w+))?$/.exec(agent) ?? [];
  return [agent, exported ?? file].filter((name) => name !== undefined);
}

export function filtered(set: TrialSet, { task, tag, agent }: TrialFilter): TrialSet {
  const fits = (asked: readonly string[], values: readonly string[]) =>
    asked.length === 0 || asked.some((one) => values.includes(one));
  const trials = set.trials.filter(
    (one) =>
      (task.length === 0 || task.some((name) => one.task === name || one.task.startsWith(`${name}/`))) &&
      fits(tag, one.tags) &&
      fits(agent, agentNames(one.agent)),
  );
  return { ...set, trials };
}

/** The shortest names that tell sets apart: their agent, where each has one of its own, else what was asked for. */
export function setNames(sets: readonly TrialSet[]): string[] {
  const agents = sets.map(({ trials }) => [...new Set(trials.map(({ agent }) => agent))]);
  const single = agents.map((names) => (names.length === 1 ? (names[0] ?? '') : ''));
  if (new Set(single).size === sets.length && !single.includes('')) return single;
  const selectors = sets.map(({ selector }) => selector.replace(/\/+$/, ''));
  return selectors.map((selector, at) =>
    selectors.indexOf(selector) === at ? selector : `${selector} (${at + 1})`,
  );
}
