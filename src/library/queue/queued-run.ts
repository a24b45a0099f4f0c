import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import type { Database } from '../../queue/database.ts';
import { readRunRow } from '../../queue/status.ts';
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
  document: z.infer<typeof document>;
  brief: z.infer<typeof brief>;
}

/** Throws `not-found` where the queue has no such run. */
export async function readQueuedRun(database: Database, id: string): Promise<QueuedRun> {
  const row = await readRunRow(database, id);
  if (!row) throw new ProctorError('not-found', `${id}: no such run at ${database.place}`);
  return { run: id, document: document.parse(row.document), brief: brief.parse(row.manifest) };
}
