import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { openQueue } from '../library/queue/open-queue.ts';
import { cancelTrials } from '../queue/cancel.ts';
import { readRunRow, runOfTrial } from '../queue/status.ts';
import { printText } from './print.ts';

/** `proctor cancel`: cancels what of a queued run, or one of its trials, has not ended. */
export async function cancelQueued(id: string, { queue }: { queue: string }): Promise<void> {
  const database = await openQueue(queue);
  try {
    const reason = 'cancelled by its user';
    if (await readRunRow(database, id)) {
      const cancelled = await cancelTrials(database, { run: id, reason });
      return printText(`${id}: ${several(cancelled, 'trial')} cancelled\n`);
    }
    const [run, ...others] = await runOfTrial(database, id);
    if (run === undefined)
      throw new ProctorError('not-found', `${id}: no such run or trial at ${database.place}`);
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
