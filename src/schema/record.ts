import { z } from 'zod';
import type { JsonObject } from './json.ts';

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
