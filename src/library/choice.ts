import { rescored } from '../calibration/again.ts';
import { estimatesOf } from '../calibration/estimate.ts';
import { taskOutcome } from '../calibration/task-outcome.ts';
import type { SetTrial } from '../comparison/trial-set.ts';
import type { ChoiceEvent } from '../schema/choice.ts';
import type { SuiteEstimate } from '../schema/suite-estimate.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { readChoices } from '../trace/choice-file.ts';
import { cellOf } from './chooser.ts';

/** What a run that chose its tasks says of the whole suite, by the scores of today; undefined where it ran them all. */
export function estimatesIn(dir: string, trials: readonly SetTrial[]): SuiteEstimate[] | undefined {
  const recorded = readChoices(dir);
  return recorded && estimatesOf(recorded.plan, withScores(recorded.past, trials));
}

/** What a run chose, with outcomes as they are scored today. */
export function withScores(past: readonly ChoiceEvent[], trials: readonly SetTrial[]): ChoiceEvent[] {
  const own = groupBy(trials, ({ agent, task }) => cellOf(agent, task));
  return rescored(past, (agent, task) => {
    const { passed, n } = taskOutcome(own.get(cellOf(agent, task)) ?? []);
    return { n, ...(passed !== undefined && { passed }) };
  });
}
