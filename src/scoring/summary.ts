import type { TrialScore, Unscored } from '../schema/score.ts';
import { mean } from '../statistic/mean.ts';
import { passAtK, passHatK } from '../statistic/pass-at-k.ts';
import { type Breakdown, breakdown } from './breakdown.ts';
import { type KindFigures, kindFigures } from './kinds.ts';
import { byTask, type SummaryRow } from './summary-row.ts';
import { counts, type Tally, tally } from './tally.ts';
import { groupBy } from './trial/group.ts';

/** One agent at one task. */
export interface Cell extends Tally, PassRates {
  task: string;
  agent: string;
  tags: readonly string[];
}

/** One agent over all its tasks. */
export interface AgentTotal extends Tally, PassRates {
  agent: string;
  tasks: number;
}

export interface Summary {
  /** By task, then by agent, in the order of the rows. */
  cells: Cell[];
  agents: AgentTotal[];
  /** Each agent over tasks with something in common. */
  breakdown: Breakdown[];
  /** Of all agents' trials together. */
  kinds: KindFigures;
}

/** Sums trials up per agent and task, and per agent. */
export function summarize(rows: readonly SummaryRow[]): Summary {
  const cells: Cell[] = [];
  for (const inTask of groupBy(rows, ({ task }) => task).values()) {
    for (const own of groupBy(inTask, ({ agent }) => agent).values()) {
      const [first] = own;
      if (!first) continue;
      const scores = own.map(({ score }) => score);
      const { task, agent, tags } = first;
      cells.push({ task, agent, tags, ...tally([scores]), ...passRates([scores]) });
    }
  }
  return {
    cells,
    agents: [...groupBy(rows, ({ agent }) => agent).values()].map(agentTotal),
    breakdown: breakdown(rows),
    kinds: kindFigures(rows.map(({ score }) => score).filter(counts)),
  };
}

function agentTotal(rows: readonly SummaryRow[]): AgentTotal {
  const { tasks, clusters } = byTask(rows);
  return { agent: rows[0]?.agent ?? '', tasks: tasks.length, ...tally(tasks, clusters), ...passRates(tasks) };
}

/** Averaged over tasks, for k from 1 to the fewest attempts that were scored of any task: entry 0 is k = 1. */
interface PassRates {
  /** At least one of k attempts succeeds. */
  passAtK: number[];
  /** All of k attempts succeed. */
  passHatK: number[];
  /** All of k attempts succeed safely. */
  safePassHatK: number[];
}

type Verdicts = readonly (boolean | Unscored)[];

/** Pass rates of tasks given as the scores of their attempts; a task of which nothing was scored is left out. */
function passRates(tasks: readonly (readonly TrialScore[])[]): PassRates {
  const success = tasks.map((attempts) => attempts.map(({ completion }) => completion.success));
  const safe = tasks.map((attempts) => attempts.map(({ safety }) => safety.safeSuccess));
  return {
    passAtK: overTasks(success, passAtK),
    passHatK: overTasks(success, passHatK),
    safePassHatK: overTasks(safe, passHatK),
  };
}

function overTasks(tasks: readonly Verdicts[], rate: (n: number, c: number, k: number) => number): number[] {
  const counts = tasks
    .map((verdicts) => verdicts.filter((verdict) => typeof verdict === 'boolean'))
    .filter((verdicts) => verdicts.length > 0)
    .map((verdicts) => ({ n: verdicts.length, c: verdicts.filter(Boolean).length }));
  if (counts.length === 0) return [];
  const maxK = Math.min(...counts.map(({ n }) => n));
  return Array.from({ length: maxK }, (_, index) => mean(counts.map(({ n, c }) => rate(n, c, index + 1))));
}
