import { join } from 'node:path';
import { followQueued } from '../library/queue/follow-queued.ts';
import { openQueue } from '../library/queue/open-queue.ts';
import { readQueuedRun } from '../library/queue/queued-run.ts';
import { resultOf } from '../library/run-report.ts';
import { openStore } from '../store/open-store.ts';
import { makeFolder } from './folder.ts';
import { onInterrupt } from './interrupt.ts';
import { watchRun } from './progress.ts';
import { printResult } from './result.ts';

/** `proctor attach`: follows a queued run and reports it. Ctrl-C ends the following, and not the run. */
export async function attachRun(
  id: string,
  flags: { queue: string; out: string; json?: boolean },
): Promise<void> {
  const database = await openQueue(flags.queue);
  try {
    const queued = await readQueuedRun(database, id);
    const store = await openStore(queued.brief.store);
    makeFolder(`--out ${flags.out}`, flags.out);
    const watch = watchRun(queued.planned, process.stderr);
    const interrupt = onInterrupt(() => {});
    const finished = await followQueued({
      ...{ database, store, queued, dir: join(flags.out, id), signal: interrupt.signal, cancels: false },
      ...{ note: watch.note, underWay: watch.underWay },
      ended: (trial, outcome) => watch.ended(trial, { outcome }),
    }).finally(() => {
      watch.stop();
      interrupt.stop();
    });
    printResult(resultOf(finished), { json: flags.json, heading: `run ${id}, made by workers` });
  } finally {
    await database.close();
  }
}
