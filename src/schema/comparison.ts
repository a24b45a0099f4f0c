import { z } from 'zod';
import { experiment } from './experiment.ts';
import { heldOutChange, heldOutGap } from './held-out.ts';
import { bounds, count, share } from './quantity.ts';
import { scored } from './score.ts';
import { trialPlace } from './trial-place.ts';

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
  /** Published tasks against held-out instances of them; absent where no base task was tried both ways. */
  gap: heldOutGap.optional(),
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

const verdictKind = z.enum(['better', 'worse', 'equivalent', 'unclear', 'descriptive']);
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

/** A figure of what agents do, in words that a sentence can end with. */
const behaviourRate = z.strictObject({
  id: z.string(),
  what: z.string(),
  unit: z.enum(['share', 'count']),
  figure: scored(difference),
  /** p after Holm's correction over its list. */
  adjusted: share.optional(),
});
export type BehaviourRate = z.infer<typeof behaviourRate>;

/** How far two sets differ in which tools, and programs of shells, are called in a row. */
const termDivergence = z.strictObject({
  /** Terms in a row: 1, 2 or 3. */
  length: count,
  /** Jensen and Shannon's, base 2: 0 where both do each as often, 1 where they share nothing. */
  bits: share,
  /** What chance alone gives: the mean where trials of a task are dealt to the sets at random. */
  byChance: share,
  p: share,
  permutations: count,
  seed: z.int(),
  /** How many were looked at, which is what `adjusted` of them is over. */
  terms: count,
  /** Those that make most of it. */
  most: z.array(
    z.strictObject({
      /** Such as `bash rm`, or `read_file → bash python`. */
      term: z.string(),
      bits: share,
      /** Times in a trial. */
      figure: difference,
      adjusted: share,
      /** "B calls `bash rm` 3.1 times as often (0.9 times a trial against 0.3)" */
      sentence: z.string(),
    }),
  ),
});
export type TermDivergence = z.infer<typeof termDivergence>;

/** At which step trials of one task first do something else, each task counting as much. */
const parting = z.strictObject({
  tasks: count,
  pairs: count,
  /** Of the tasks' medians, from 0; null where most never part. */
  median: z.number().nullable(),
  /** The share of pairs that part at step 0, 1, 2 …; later ones together in the last. */
  at: z.array(share),
  never: share,
  /** The medians of trials of the same set at the same task; null where they never part, absent where no task was tried twice. */
  within: z.strictObject({ a: z.number().nullable().optional(), b: z.number().nullable().optional() }),
});
export type Parting = z.infer<typeof parting>;

const behaviour = z.strictObject({
  divergence: scored(z.array(termDivergence)),
  parting: scored(parting),
  rates: z.array(behaviourRate),
  /** Trials with a finding of a kind, of kinds that there are. */
  findings: z.array(behaviourRate),
});
export type ComparedBehaviour = z.infer<typeof behaviour>;

/** How often something is so of trials of one sort. */
const featureShare = z.strictObject({ count, of: count, share, interval });

/** A feature of trials that failed and of those that did not. */
const failureMode = z.strictObject({
  feature: z.string(),
  /** What the agent did, in words that a sentence can end with. */
  what: z.string(),
  /** It marks failure or success, makes no difference of ten points, or can't be told. */
  kind: z.enum(['failure', 'success', 'harmless', 'unclear']),
  failed: featureShare,
  succeeded: featureShare,
  /** P(feature | failed) − P(feature | succeeded). */
  difference: z.number(),
  interval,
  p: share,
  adjusted: share,
  /** Trials of which it can't be told. */
  unscored: count,
  /** A failed trial of which it is so, where there is one. */
  example: trialPlace.optional(),
});
export type FailureMode = z.infer<typeof failureMode>;

const failureModes = z.strictObject({
  of: z.enum(['a', 'b', 'both']),
  failed: count,
  succeeded: count,
  /** Independent units: tasks, or clusters of them. */
  units: count,
  /** Those that mark failure first. */
  modes: scored(z.array(failureMode)),
});
export type FailureModes = z.infer<typeof failureModes>;

/** Two sets, compared: what B is in comparison with A. */
const pairComparison = z.strictObject({
  /** Keys of the sets. */
  a: z.string(),
  b: z.string(),
  pairing,
  verdict,
  /** Absent where no base task was tried as published and held out in both sets. */
  heldOut: heldOutChange.optional(),
  scorecard: z.array(measure),
  /** The largest evidence first. */
  capabilities: z.array(capability),
  flips: z.array(flip),
  matrix: flipMatrix,
  behaviour,
  failureModes: z.array(failureModes),
});
export type PairComparison = z.infer<typeof pairComparison>;

const frontierPoint = z.strictObject({
  key: z.string(),
  completion: z.number(),
  /** US dollars per trial. */
  costUsd: z.number(),
  /** At 95 % over tasks; absent where there are too few, or nothing varies. */
  completionInterval: bounds.optional(),
  costInterval: bounds.optional(),
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
