import { z } from 'zod';

/** Why a trial ended. */
export const outcome = z.enum([
  'submitted',
  'out-of-steps',
  'out-of-tokens',
  'out-of-budget',
  'timed-out',
  'out-of-context',
  'gave-up',
  'agent-crashed',
  'broke-sandbox',
  'stopped-by-policy',
  'diverged',
  'aborted',
  'infrastructure-error',
]);
export type Outcome = z.infer<typeof outcome>;

/** Outcomes that say nothing about the agent and are left out of every mean. */
export const unscoredOutcomes: ReadonlySet<Outcome> = new Set([
  'infrastructure-error',
  'aborted',
  'diverged',
]);
