import { z } from 'zod';

/** Why a trial ended; `not-run` where the run's budget was spent before its agent decided anything. */
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
  'not-run',
  'infrastructure-error',
]);
export type Outcome = z.infer<typeof outcome>;

/** Outcomes that say nothing about the agent and are left out of every mean. */
export const unscoredOutcomes: ReadonlySet<Outcome> = new Set([
  'infrastructure-error',
  'aborted',
  'not-run',
  'diverged',
]);
