import { z } from 'zod';
import { count, share } from './quantity.ts';

/** At 95 %, and the method that gave it. */
const interval = z.strictObject({ low: z.number(), high: z.number(), method: z.string() });

/** How much better published tasks went than instances of the same tasks that are not published, variants and private ones. */
export const heldOutGap = z.strictObject({
  /** Completion; each base task’s trials are averaged first. */
  published: share,
  heldOut: share,
  /** Published less held out. */
  gap: z.number(),
  interval,
  /** Two-sided. */
  p: share,
  /** Base tasks that were tried both ways, and how many of them, or of their clusters, are independent. */
  tasks: count,
  units: count,
  trials: z.strictObject({ published: count, heldOut: count }),
});
export type HeldOutGap = z.infer<typeof heldOutGap>;
export type AgentGap = HeldOutGap & { agent: string };

const rise = z.strictObject({ difference: z.number(), interval, p: share });
export type Rise = z.infer<typeof rise>;

/**
 * What became of published tasks and of held-out instances of them from one set to another. `target`: the published score rose, the held-out
 * one was not found to, and the gap widened.
 */
export const heldOutChange = z.strictObject({
  kind: z.enum(['target', 'rose-alike', 'unclear', 'no-rise', 'descriptive']),
  /** One sentence that can be quoted. */
  sentence: z.string(),
  /** Base tasks that were tried both ways in both sets, and how many of them, or of their clusters, are independent. */
  tasks: count,
  units: count,
  /** B minus A. */
  published: rise,
  heldOut: rise,
  /** How much more the one rose than the other. */
  widening: rise,
  /** The larger p of the two findings that a target takes, after Holm’s correction over all pairs of sets; absent for two sets. */
  adjusted: share.optional(),
});
export type HeldOutChange = z.infer<typeof heldOutChange>;
