import type { TrialScore } from '../schema/score.ts';
import { type PassRates, passRates } from './pass-rate.ts';
import { type Tally, tally } from './tally.ts';

/** A scored trial, and what it is summed up by. */
export interface SummaryRow {
  task: string;
  agent: string;
  tags: readonly string[];
  score: TrialScore;
}

/** One agent at one task. */
export interface Cell extends Tally, PassRates {
  task: string;
  agent: string;
  tags: readonly string[];
}

/** One agent at all tasks it was given. */
export interface AgentTotal extends Tally, PassRates {
  agent: string;
  tasks: number;
}

export interface Summary {
  /** By task, then by agent, in the order of the rows. */
  cells: Cell[];
  agents: AgentTotal[];
}

/** Sums trials up per agent and task, and per agent. */
export function summarize(rows: readonly SummaryRow[]): Summary {
  const cells: Cell[] = [];
  for (const inTask of groups(rows, ({ task }) => task)) {
    for (const own of groups(inTask, ({ agent }) => agent)) {
      const [first] = own;
      if (!first) continue;
      const scores = own.map(({ score }) => score);
      const { task, agent, tags } = first;
      cells.push({ task, agent, tags, ...tally([scores]), ...passRates([scores]) });
    }
  }
  return { cells, agents: groups(rows, ({ agent }) => agent).map(agentTotal) };
}

function agentTotal(rows: readonly SummaryRow[]): AgentTotal {
  const tasks = groups(rows, ({ task }) => task).map((own) => own.map(({ score }) => score));
  return { agent: rows[0]?.agent ?? '', tasks: tasks.length, ...tally(tasks), ...passRates(tasks) };
}

function groups<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const grouped = new Map<string, T[]>();
  for (const item of items) grouped.set(key(item), [...(grouped.get(key(item)) ?? []), item]);
  return [...grouped.values()];
}
