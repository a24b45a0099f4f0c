import { z } from 'zod';
import { bounds, count, share } from './quantity.ts';
import { scored } from './score.ts';

const chance = share;

/** One way in which knowing a task beforehand would show, as a difference of shares. */
const measured = z.strictObject({
  /** Base tasks, and clusters of them that are independent. */
  tasks: count,
  units: count,
  mean: z.number(),
  interval: bounds.optional(),
  /** Two-sided, by Student’s t; absent where nothing varies. */
  t: chance.optional(),
  /** Two-sided, by flipping signs exactly; absent past 20 clusters that differ. */
  signFlip: chance.optional(),
  /** One-sided, that it is not above 0: by sign-flip where that is told, else by t. */
  p: chance,
});
export type Measured = z.infer<typeof measured>;

const signId = z.enum(['content', 'form', 'unseen', 'recited', 'unseen-anywhere']);
export type SignId = z.infer<typeof signId>;

const sign = z.strictObject({
  id: signId,
  what: z.string(),
  /** The agent's own. */
  own: scored(measured),
  /** The agent's less the reference's, over base tasks that both tried; absent without a reference. */
  against: scored(measured).optional(),
});
export type Sign = z.infer<typeof sign>;

/** A test that the verdict rests on, corrected by Westfall and Young’s max-T over all of them. */
const test = z.strictObject({
  /** `published` is what is said of published content, taken together. */
  id: z.enum([...signId.options, 'published']),
  /** Absent where it has no unit. */
  effect: z.number().optional(),
  p: chance,
  adjusted: chance,
  /** The difference that so many tasks find in 80 %, and how many would find one of 10 points; absent where nothing varies. */
  finds: z.number().optional(),
  needs: count.optional(),
});
export type ContaminationTest = z.infer<typeof test>;

const contaminationVerdict = z.enum(['no evidence', 'suspicious', 'strong']);
export type ContaminationVerdict = z.infer<typeof contaminationVerdict>;

/** What was published, tried, and how often, of one base task. */
const baseTask = z.strictObject({
  base: z.string(),
  trials: z.strictObject({ published: count, variants: count, forms: count }),
  published: share.optional(),
  variants: share.optional(),
  gap: z.number().optional(),
});
export type ContaminatedTask = z.infer<typeof baseTask>;

/** The mean reward of some trials, over base tasks. */
const recited = z.strictObject({ tasks: count, trials: count, mean: share, interval: bounds.optional() });
export type Recited = z.infer<typeof recited>;

/** Whether an agent does better at tasks that are published than at others like them. */
export const contamination = z.strictObject({
  version: z.literal(1),
  agent: z.string(),
  reference: z.string().optional(),
  runs: z.array(z.string()),
  tasks: z.array(baseTask),
  /** Base tasks that are in no figure, and why. */
  leftOut: z.array(z.strictObject({ base: z.string(), why: z.string() })),
  infrastructureErrors: count,
  signs: z.array(sign),
  /** What the agent’s recorded calls come to, made again without asking it, beside itself on the same base tasks. */
  recited: scored(
    z.strictObject({
      onPublished: scored(recited),
      onFresh: scored(recited),
      ofVariantsOnPublished: scored(recited),
      itself: z.strictObject({ published: scored(recited), variants: scored(recited) }),
    }),
  ),
  /** Whether the published instance is where chance would put it among the variants (Fisher over base tasks). */
  rank: scored(z.strictObject({ tasks: count, p: chance })),
  /** Trials whose calls carry a planted value of the published instance that the trial never showed. */
  canaries: scored(
    z.strictObject({
      values: count,
      trials: count,
      completed: z.array(
        z.strictObject({ trial: z.string(), base: z.string(), name: z.string(), step: count }),
      ),
    }),
  ),
  tests: z.array(test),
  verdict: scored(contaminationVerdict),
  /** What the verdict rests on, one sentence each. */
  because: z.array(z.string()),
});
export type Contamination = z.infer<typeof contamination>;
