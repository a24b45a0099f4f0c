import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { openQueue } from '../library/queue/open-queue.ts';
import { unknown } from '../library/queue/queued-run.ts';
import { cancelTrials } from '../queue/cancel.ts';
import { takeBackLapsed } from '../queue/lease.ts';
import { readRunRow, runOfTrial } from '../queue/status.ts';
import { printText } from './print.ts';

/** `proctor cancel`: cancels what of a queued run, or one of its trials, has not ended. */
export async function cancelQueued(id: string, { queue }: { queue: string }): Promise<void> {
  const database = await openQueue(queue);
  try {
    const reason = 'cancelled by its user';
    // Runs of which nothing is left are ended by it.
    await takeBackLapsed(database);
    const found = await readRunRow(database, id);
    if (found && found.state !== 'open') return printText(`${id} had ended: it was ${found.state}\n`);
    if (found) {
      const cancelled = await cancelTrials(database, { run: id, reason });
      return printText(`${id}: ${several(cancelled, 'trial')} cancelled\n`);
    }
    const [run, ...others] = await runOfTrial(database, id);
    if (run === undefined) throw await unknown(database, id, 'run or trial');
    if (others.length > 0)
      throw new ProctorError(
        'not-found',
        `${id}: several runs have a trial of that id; expected the id of one of ${[run, ...others].join(', ')}`,
      );
    const cancelled = await cancelTrials(database, { run, trial: id, reason });
    printText(cancelled > 0 ? `${id} of ${run} cancelled\n` : `${id} of ${run} had ended\n`);
  } finally {
    await database.close();
  }
}
