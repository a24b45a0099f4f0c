import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import type { Database } from '../../queue/database.ts';
import { latestRuns, readRunRow } from '../../queue/status.ts';
import { didYouMean } from '../../schema/nearest.ts';
import { run } from '../../schema/run.ts';
import { manifest } from '../../store/manifest.ts';

/** What a queue says of a run: its `run.json` but for the trials. */
const document = run.omit({ trials: true, pid: true });

/** What workers need to make its trials. */
const brief = z.strictObject({
  packs: manifest,
  /** Where the packs are, and where traces are shipped to. */
  store: z.string(),
  retries: z.int(),
  /** sha256 of the files that agents are made of, by their absolute paths. */
  files: z.record(z.string(), z.string()),
});

export interface QueuedRun {
  run: string;
  /** How many trials it has. */
  planned: number;
  document: z.infer<typeof document>;
  brief: z.infer<typeof brief>;
}

/** Throws `not-found`, naming the nearest, where the queue has no such run, and `unsupported` where another version planned it. */
export async function readQueuedRun(database: Database, id: string): Promise<QueuedRun> {
  const row = await readRunRow(database, id);
  if (!row) throw await unknown(database, id, 'run');
  const read = z.object({ document, manifest: brief }).safeParse(row);
  if (!read.success)
    throw new ProctorError('unsupported', `${id}: was planned by another version of Proctor`);
  return { run: id, planned: row.planned, document: read.data.document, brief: read.data.manifest };
}

/** The `not-found` of what a queue does not have, with what was probably meant. */
export async function unknown(database: Database, id: string, what: string): Promise<ProctorError> {
  const runs = await latestRuns(database);
  const hint =
    runs.length === 0 ? '; it has no runs yet' : didYouMean(id, runs) || `; its last run is ${runs[0]}`;
  return new ProctorError('not-found', `${id}: no such ${what} at ${database.place}${hint}`);
}
