import { z } from 'zod';

/** Where a recorded trial lies. */
export const trialPlace = z.strictObject({
  run: z.string(),
  trial: z.string(),
  /** Folder of the trace. */
  dir: z.string(),
});
export type TrialPlace = z.infer<typeof trialPlace>;
