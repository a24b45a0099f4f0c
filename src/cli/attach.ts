import { join } from 'node:path';
import { followQueued } from '../library/queue/follow-queued.ts';
import { openQueue } from '../library/queue/open-queue.ts';
import { readQueuedRun } from '../library/queue/queued-run.ts';
import { resultOf } from '../library/run-report.ts';
import { openStore } from '../store/open-store.ts';
import { makeFolder } from './folder.ts';
import { say } from './print.ts';
import { printResult } from './result.ts';

/** `proctor attach`: follows a queued run and reports it. Ctrl-C ends the following, and not the run. */
export async function attachRun(
  id: string,
  flags: { queue: string; out: string; json?: boolean },
): Promise<void> {
  const database = await openQueue(flags.queue);
  try {
    const queued = await readQueuedRun(database, id);
    makeFolder(`--out ${flags.out}`, flags.out);
    const finished = await followQueued({
      ...{ database, store: await openStore(queued.brief.store), queued, dir: join(flags.out, id) },
      ...{ signal: new AbortController().signal, note: say },
      ended: (trial, outcome) => say(`${trial}: ${outcome}`),
    });
    printResult(resultOf(finished), { json: flags.json, heading: `run ${id}, made by workers` });
  } finally {
    await database.close();
  }
}
