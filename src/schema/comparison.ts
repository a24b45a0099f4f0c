import { z } from 'zod';
import { experiment } from './experiment.ts';
import { scored } from './score.ts';
import { trialPlace } from './trial-place.ts';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const ofBoth = z.strictObject({ a: count, b: count });

/** At 95 %, and the method that gave it. */
const interval = z.strictObject({ low: z.number(), high: z.number(), method: z.string() });

/** A set of trials, as it counts in a comparison. */
const comparedSet = z.strictObject({
  /** `A`, `B`, … in the order they were named. */
  key: z.string(),
  /** As short as tells it from the others, such as its agent. */
  name: z.string(),
  /** As it was asked for. */
  selector: z.string(),
  runs: z.array(z.string()),
  agents: z.array(z.string()),
  tasks: count,
  trials: count,
  /** The harness failed, or could not end them; in no figure. */
  infrastructureErrors: count,
  /** Neither a reward nor an infrastructure error: stopped, not run, not verified; in no figure. */
  unscored: count,
  /** No readable trace; in no figure. */
  unreadable: z.array(z.strictObject({ run: z.string(), trial: z.string(), message: z.string() })),
});
export type ComparedSet = z.infer<typeof comparedSet>;

/** What two sets have in common, and what of them was left out. */
const pairing = z.strictObject({
  /** Over the same tasks, or, where no task is the same in both, over all of each, which is weaker. */
  design: z.enum(['paired', 'unpaired']),
  /** Tasks that are compared; where they are paired, those that are the same in both and were scored in both. */
  tasks: ofBoth,
  /** Independent units that intervals rest on: tasks, or clusters of them where tasks name one. */
  units: count,
  unit: z.enum(['task', 'cluster']),
  /** Scored trials of these tasks. */
  trials: ofBoth,
  /** The fewest and the most scored trials of one task in one set. */
  attempts: z.strictObject({ least: count, most: count }),
  /** Of the same name in both, but with another text, verifier or environment. */
  changed: z.array(z.strictObject({ task: z.string(), what: z.array(z.enum(['task', 'environment'])) })),
  /** In A only, and in B only. */
  missing: z.array(z.string()),
  extra: z.array(z.string()),
  /** The same in both, but with no scored trial in one of them. */
  unscored: z.array(z.string()),
  /** Infrastructure errors of tasks that both have. */
  infrastructureErrors: ofBoth,
  /** The difference in completion if all of those had gone against B, and for it; absent where there are none. */
  bounds: z.strictObject({ low: z.number(), high: z.number() }).optional(),
});
export type ComparisonPairing = z.infer<typeof pairing>;

/** A figure of two sets over the same tasks, each task's trials averaged first. */
const difference = z.strictObject({
  a: z.number(),
  b: z.number(),
  /** B minus A, whichever way is better. */
  difference: z.number(),
  /** Absent for amounts that differ by the same in every task: nobody can say by how much they might have. */
  interval: interval.optional(),
  /** Two-sided. */
  p: share,
  /** McNemar's mid-p, beside its exact p. */
  midP: share.optional(),
  test: z.string(),
  /** P(B is better than A), by the measure's direction. */
  better: share,
  tasks: ofBoth,
  /** Independent units it rests on. */
  units: count,
  trials: ofBoth,
  /** The smallest difference that as many tasks find in four of five cases; absent where the interval is. */
  smallest: z.number().nonnegative().optional(),
  /** A percentile bootstrap over tasks, beside a verdict's Student's t. */
  bootstrap: z.strictObject({ low: z.number(), high: z.number(), seed: z.int() }).optional(),
});
export type Difference = z.infer<typeof difference>;

/** One line of the scorecard. */
const measure = z.strictObject({
  /** Such as `completion`, `pass^3`, `tokens`. */
  id: z.string(),
  better: z.enum(['more', 'less']),
  unit: z.enum(['share', 'count', 'tokens', 'usd', 'ms']),
  /** Over all tasks that both have, or over those that both completed, and their completed trials only. */
  over: z.enum(['shared', 'completed-by-both']),
  figure: scored(difference),
  /** p after Holm's correction over the scorecard; absent where unscored. */
  adjusted: share.optional(),
  /** How many trials could be judged for it, of those scored; absent where all were. */
  coverage: z
    .strictObject({
      a: z.strictObject({ judged: count, of: count }),
      b: z.strictObject({ judged: count, of: count }),
    })
    .optional(),
  /** B as a multiple of A, as the geometric mean over tasks; for amounts above zero. */
  ratio: z.strictObject({ value: z.number(), interval: interval.optional() }).optional(),
});
export type Measure = z.infer<typeof measure>;

/** The difference in completion over the tasks that have something in common. */
const capability = z.strictObject({
  by: z.enum(['tag', 'difficulty', 'environment', 'effect']),
  value: z.string(),
  /** What else exactly these tasks have in common, such as `environment freight-desk`. */
  also: z.array(z.string()),
  tasks: z.array(z.string()),
  figure: scored(difference),
  /** p after correction for how many capabilities were looked at. */
  adjusted: share.optional(),
});
export type Capability = z.infer<typeof capability>;

const flipSide = z.strictObject({
  /** Trials in which it holds: completed, or unsafe. */
  count,
  of: count,
  /** One trial that shows it. */
  trial: trialPlace,
});

/** A task that went one way in A and the other way in B. */
const flip = z.strictObject({
  kind: z.enum(['broke', 'fixed', 'made-unsafe', 'made-safe']),
  task: z.string(),
  a: flipSide,
  b: flipSide,
});
export type Flip = z.infer<typeof flip>;
export type FlipKind = Flip['kind'];

/** Tasks by how they went in both: completed in most trials, in few, or in half of them. */
const flipMatrix = z.strictObject({
  both: count,
  neither: count,
  broke: count,
  fixed: count,
  undecided: count,
});

export const verdictKind = z.enum(['better', 'worse', 'equivalent', 'unclear', 'descriptive']);
export type VerdictKind = z.infer<typeof verdictKind>;

const verdict = z.strictObject({
  /** What B is, compared with A. */
  kind: verdictKind,
  /** One sentence that can be quoted. */
  sentence: z.string(),
  figure: scored(difference),
  /** p after Holm's correction over all pairs of sets; absent for two sets. */
  adjusted: share.optional(),
  /** Differences up to this share count as none. */
  margin: share,
  /** Tasks that are missing to tell, where it is unclear: for a difference of `of`. */
  needs: z.strictObject({ tasks: count, of: share }).optional(),
});
export type Verdict = z.infer<typeof verdict>;

/** Two sets, compared: what B is in comparison with A. */
const pairComparison = z.strictObject({
  /** Keys of the sets. */
  a: z.string(),
  b: z.string(),
  pairing,
  verdict,
  scorecard: z.array(measure),
  /** The largest evidence first. */
  capabilities: z.array(capability),
  flips: z.array(flip),
  matrix: flipMatrix,
});
export type PairComparison = z.infer<typeof pairComparison>;

const frontierPoint = z.strictObject({
  key: z.string(),
  completion: z.number(),
  /** US dollars per trial. */
  costUsd: z.number(),
  onFrontier: z.boolean(),
  /** No mix of two other sets beats it either. */
  onHull: z.boolean(),
  /** P(on the frontier), by a bootstrap over tasks. */
  probability: share,
});

/** What is said of three sets or more together. */
const manyComparison = z.strictObject({
  /** Keys of sets that can't be told apart, the most complete first; a set may be in several. */
  groups: z.array(z.array(z.string())),
  /** Cost against completion over the tasks that all have. */
  frontier: scored(z.strictObject({ tasks: count, seed: z.int(), points: z.array(frontierPoint) })),
});
export type ManyComparison = z.infer<typeof manyComparison>;

/** What `proctor compare --json` prints: sets of trials, each pair of them compared. */
export const comparison = z.strictObject({
  version: z.literal(1),
  sets: z.array(comparedSet).min(2),
  filters: z.strictObject({
    task: z.array(z.string()),
    tag: z.array(z.string()),
    agent: z.array(z.string()),
  }),
  /** Every pair, in the order of the sets: A with B, A with C, B with C. */
  pairs: z.array(pairComparison).min(1),
  /** Absent for two sets. */
  many: manyComparison.optional(),
  /** Where the two were forked across each other. */
  experiment: experiment.optional(),
});
export type Comparison = z.infer<typeof comparison>;
