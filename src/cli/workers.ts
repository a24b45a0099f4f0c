import { openQueue } from '../library/queue/open-queue.ts';
import { listWorkers } from '../queue/workers.ts';
import { table } from '../report/table.ts';
import { print } from './print.ts';

const none = 'no worker was here within the last day; start one with: proctor worker --queue …\n';

/** `proctor workers`: lists the workers of a queue. */
export async function printWorkers({ queue, json }: { queue: string; json?: boolean }): Promise<void> {
  const database = await openQueue(queue);
  try {
    const workers = await listWorkers(database);
    print(json, workers, (style) =>
      workers.length === 0
        ? none
        : `${table(
            [
              { title: 'worker', cell: ({ id }) => id },
              {
                title: 'state',
                cell: ({ ended, reason, silent }) =>
                  ended
                    ? `ended: ${reason}`
                    : silent > 120
                      ? `not heard of for ${Math.round(silent)} s`
                      : 'here',
              },
              { title: 'runs', cell: ({ running, capacity }) => `${running} of ${capacity}`, align: 'right' },
              { title: 'committed', cell: ({ committed }) => String(committed), align: 'right' },
              { title: 'offers', cell: ({ offers }) => offers.join(' ') },
            ],
            workers,
            style,
          )}\n`,
    );
  } finally {
    await database.close();
  }
}
