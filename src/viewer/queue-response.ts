import { toldActivities } from '../queue/activity.ts';
import { censusOf } from '../queue/census.ts';
import type { Database } from '../queue/database.ts';
import { listWorkers } from '../queue/workers.ts';
import type { QueueResponse } from './api.ts';

/** How a queue stands, and what its workers do. Throws `queue-unreachable`. */
export async function queueResponse(database: Database): Promise<QueueResponse> {
  const [census, workers, activities] = await Promise.all([
    censusOf(database),
    listWorkers(database),
    toldActivities(database),
  ]);
  return {
    place: database.place,
    census,
    workers: workers.map((worker) => {
      const activity = activities.get(worker.id);
      return { ...worker, ...(activity && { activity }) };
    }),
  };
}
