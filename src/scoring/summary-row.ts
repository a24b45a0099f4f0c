import type { TrialScore } from '../schema/score.ts';
import { groupBy } from './trial/group.ts';

/** A scored trial, with what it is grouped by. */
export interface SummaryRow {
  task: string;
  agent: string;
  tags: readonly string[];
  difficulty?: string;
  /** What its task shares with others, so that they are no independent tries. */
  cluster?: string;
  score: TrialScore;
}

/** The scores of each task, and the cluster that it is in. */
export function byTask(rows: readonly Pick<SummaryRow, 'task' | 'cluster' | 'score'>[]) {
  const own = [...groupBy(rows, ({ task }) => task).values()];
  return {
    tasks: own.map((attempts) => attempts.map(({ score }) => score)),
    clusters: own.map(([first]) => first?.cluster),
  };
}
