import { z } from 'zod';

/**
 * One difference between two states. `path` is a file's absolute path, or a JSON pointer into a server's state;
 * `before` and `after` are the file entry (type, mode, size, sha256) or the JSON value, absent where there is none.
 */
const stateChange = z.strictObject({
  path: z.string(),
  op: z.enum(['created', 'changed', 'deleted']),
  before: z.json().optional(),
  after: z.json().optional(),
});
export type StateChange = z.infer<typeof stateChange>;

/** sha256 of a file by its entry in a state; undefined where it has none, or the value is no entry. */
export function sha256Of(entry: unknown): string | undefined {
  const { sha256 } = (entry ?? {}) as { sha256?: unknown };
  return typeof sha256 === 'string' ? sha256 : undefined;
}
