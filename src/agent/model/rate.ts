import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import type { RateLimits } from '../../queue/budget/rate-gate.ts';

/** What an endpoint may be asked for in a minute with one key. */
export const rateLimits = z.strictObject({
  tokens: z.number().positive().exactOptional(),
  requests: z.number().positive().exactOptional(),
}) satisfies z.ZodType<RateLimits>;

/** Reads `tokens=60000,requests=500`, per minute. Throws `bad-flag`. */
export function parseRate(text: string): RateLimits {
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  const parsed = rateLimits.safeParse(
    Object.fromEntries(pairs.map(([name = '', value]) => [name, value ? Number(value) : value])),
  );
  if (parsed.success) return parsed.data;
  throw new ProctorError('bad-flag', `--rate ${text}: expected tokens=60000,requests=500, per minute`);
}
