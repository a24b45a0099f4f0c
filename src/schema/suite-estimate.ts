import { z } from 'zod';
import { bounds, count, share } from './quantity.ts';
import { scored } from './score.ts';

/** What a run that did not try every task says of an agent at the whole suite. */
const suiteEstimate = z.strictObject({
  agent: z.string(),
  mode: z.enum(['adaptive', 'stratified']),
  /** Tasks of the suite, those whose difficulty is known, those that were tried, and those of them that gave an outcome. */
  tasks: z.strictObject({ suite: count, known: count, run: count, scored: count }),
  /** Tasks that the bank does not know, and why. */
  unknown: z.array(z.strictObject({ task: z.string(), why: z.string() })),
  /** The mean of what was run, for what it is worth: an adaptive run chooses tasks that are neither easy nor hard. */
  plain: scored(z.strictObject({ mean: share, interval: bounds.optional() })),
  /** Estimated, not measured: what the mean would be had every one of `over` tasks been run, at 95 %. */
  estimate: scored(
    z.strictObject({
      mean: share,
      interval: bounds,
      over: count,
      method: z.enum(['p-irt', 'stratified']),
    }),
  ),
  /** In logits, on the scale of the bank; absent in a stratified run. */
  ability: z.strictObject({ value: z.number(), error: z.number().positive() }).optional(),
  /** Why the estimate lies outside of what the bank was calibrated for; absent where it does not. */
  extrapolates: z.string().optional(),
  /** What the difficulties rest on. */
  bank: z.strictObject({ path: z.string(), agents: count, trials: count }),
  /** Why no other task was tried; absent where the run was stopped. */
  stopped: z.strictObject({ why: z.string(), reason: z.string() }).optional(),
});
export type SuiteEstimate = z.infer<typeof suiteEstimate>;
