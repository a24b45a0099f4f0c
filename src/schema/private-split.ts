import { z } from 'zod';
import { count } from './quantity.ts';

/** What a private instance is of: the suite, where its seed is, and the file in which trials of it are counted. */
export const privateSplit = z.strictObject({
  suite: z.string(),
  seed: z.union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })]),
  ledger: z.string(),
});
export type PrivateSplit = z.infer<typeof privateSplit>;

/** A line of a ledger: a trial of a private instance that was begun. */
export const privateQuery = z.strictObject({
  /** ISO 8601, UTC. */
  at: z.string(),
  suite: z.string(),
  run: z.string(),
  trial: z.string(),
  /** Name of the instance. */
  task: z.string(),
  agent: z.string(),
});
export type PrivateQuery = z.infer<typeof privateQuery>;

/** How often a private split was asked, by its ledger. */
export const asked = z.strictObject({
  suite: z.string(),
  ledger: z.string(),
  trials: count,
  agents: count,
  runs: count,
  /** When first; absent where it was never. */
  first: z.string().optional(),
});
export type Asked = z.infer<typeof asked>;
