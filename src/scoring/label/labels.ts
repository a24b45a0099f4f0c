import { type StepLabel, stepLabel, type TrialScore } from '../../schema/score.ts';
import type { ResolvedTrial } from '../trial/resolved-trial.ts';
import { deniedScorer } from './denied.ts';
import { errorScorer } from './error.ts';
import type { LabelScorer } from './label-scorer.ts';
import { loopScorer } from './loop.ts';
import { noOpWriteScorer } from './no-op-write.ts';
import { recoveredScorer } from './recovered.ts';
import { redundantReadScorer } from './redundant-read.ts';

const labelScorers: readonly LabelScorer[] = [
  noOpWriteScorer,
  redundantReadScorer,
  loopScorer,
  errorScorer,
  recoveredScorer,
  deniedScorer,
];

export interface Labels {
  /** Labels of each call, by its id. */
  ofCall: Map<string, StepLabel[]>;
  counts: Partial<Record<StepLabel, number>>;
  unscored: TrialScore['unscored'];
}

/** What each call was: an error, a repetition, idle. */
export function labelCalls(resolved: ResolvedTrial): Labels {
  const labels: Labels = { ofCall: new Map(), counts: {}, unscored: [] };
  for (const scorer of labelScorers) {
    const { part, unscored } = scorer.score(resolved);
    labels.counts[scorer.name] = part.count;
    for (const id of part.callIds) labels.ofCall.set(id, [...(labels.ofCall.get(id) ?? []), scorer.name]);
    for (const reason of unscored) labels.unscored.push({ detector: scorer.name, reason });
  }
  for (const [id, names] of labels.ofCall) labels.ofCall.set(id, inOrder(names));
  return labels;
}

/** Each label once, in the order of the schema. */
export function inOrder(labels: Iterable<StepLabel>): StepLabel[] {
  const given = new Set(labels);
  return stepLabel.options.filter((label) => given.has(label));
}
