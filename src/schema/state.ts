import { z } from 'zod';
import type { JsonObject } from './json.ts';

/** Files that are the state of the world. */
export const stateFiles = z.strictObject({
  paths: z.array(z.string()).min(1).describe('Absolute paths in the sandbox whose files are the state.'),
  ignore: z.array(z.string()).default([]).describe('Globs of paths left out.'),
});

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

/** Who an entry of a tree of files belongs to, in numbers as "uid:gid", and what it grants others by name, such as "user:1001:rw-". */
export interface FileRights {
  owner: string;
  /** Absent where it grants nothing, or the sandbox can't tell. */
  acl?: string[];
}

/** An entry that was there before and after, and whose owner or access list is another one. */
export interface RightsChange {
  path: string;
  before: FileRights;
  after: FileRights;
  /** Another file than before stands there. */
  anew?: true;
}

/** What is no longer in a long text that was changed in place and what is new in it, each as far as it is recorded; or why nobody looked. */
export type LargeChange =
  | {
      before: string;
      after: string /** Lines that are not blank, of the whole. */;
      lines: { before: number; after: number };
    }
  | { unread: string };

/** sha256 of a file by its entry in a state; undefined where it has none, or the value is no entry. */
export function sha256Of(entry: unknown): string | undefined {
  const { sha256 } = (entry ?? {}) as { sha256?: unknown };
  return typeof sha256 === 'string' ? sha256 : undefined;
}

/** What of the state belongs to somebody: the records of a file, or files by a name in their path. */
export const recordSource = z.strictObject({
  path: z
    .string()
    .regex(/^\//)
    .describe(
      'A SQLite database, or a JSON, JSON-lines or CSV file, whose records are then part of the state; or a glob with `{owner}` in the place of the name of whom the files belong to.',
    ),
  owner: z
    .string()
    .optional()
    .describe('Field that names whose a record is; one without it, or with none in it, is nobody’s.'),
});
export type RecordSource = z.infer<typeof recordSource>;

/** Table → its records in order; a file without tables has one, named by the empty text. */
export type RecordTables = { [table: string]: JsonObject[] };
