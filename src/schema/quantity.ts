import { z } from 'zod';

export const count = z.int().nonnegative();
/** From none to all. */
export const share = z.number().min(0).max(1);
/** The ends of an interval. */
export const bounds = z.strictObject({ low: z.number(), high: z.number() });
