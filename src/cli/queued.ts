import { resolve } from 'node:path';
import type { PreparedRun } from '../library/followed.ts';
import { followQueued } from '../library/queue/follow-queued.ts';
import { openQueue } from '../library/queue/open-queue.ts';
import { planQueued } from '../library/queue/plan-queued.ts';
import type { FinishedRun } from '../run-trials.ts';
import { openStore } from '../store/open-store.ts';
import { onInterrupt } from './interrupt.ts';
import { watchRun } from './progress.ts';
import { labelsIn, type QueueFlags } from './queue-flag.ts';

/** Plans what was prepared in a queue, and follows it unless it is left to the workers. */
export async function executeQueued(
  prepared: PreparedRun,
  flags: Required<Pick<QueueFlags, 'queue' | 'store'>> & QueueFlags,
): Promise<FinishedRun> {
  const place = flags.store.startsWith('s3://') ? flags.store : resolve(flags.store);
  const database = await openQueue(flags.queue);
  const watch = watchRun(prepared.trials.length, process.stderr);
  const interrupt = onInterrupt(watch.note, 'stopping: cancelling the run; once more to stop at once');
  try {
    const store = await openStore(place);
    const { maxTries } = flags;
    const queued = await planQueued(prepared, {
      ...{ database, store, place, labels: labelsIn(flags.labels) },
      ...(maxTries !== undefined && { maxTries }),
    });
    await prepared.provider?.close();
    if (flags.detach)
      return {
        run: { ...queued.document, pid: process.pid, trials: [] },
        dir: prepared.dir,
        traceOf: (trial) => trial,
      };
    return await followQueued({
      ...{ database, store, queued, dir: prepared.dir, signal: interrupt.signal, cancels: true },
      ...{ note: watch.note, underWay: watch.underWay },
      ended: (spec, outcome) => watch.ended(spec, { outcome }),
    });
  } finally {
    watch.stop();
    interrupt.stop();
    await database.close();
  }
}
