import { several } from '../../format.ts';
import type { Database } from '../../queue/database.ts';
import { needsLeft, offersHere } from '../../queue/need.ts';
import type { Sums } from '../../queue/status.ts';
import { lacking } from './offer.ts';

/** Milliseconds between two looks at who could make what waits. */
const lookEveryMs = 5000;

/** Says, once for each reason, why nothing of a run is under way although trials wait. Throws `queue-unreachable`. */
export function unservedNotes(database: Database, run: string, note: (line: string) => void) {
  const said = new Set<string>();
  let lookedAt = performance.now() - lookEveryMs + 1000;
  return async ({ waiting, running }: Pick<Sums, 'waiting' | 'running'>): Promise<void> => {
    if (waiting === 0 || running > 0 || performance.now() - lookedAt < lookEveryMs) return;
    lookedAt = performance.now();
    const why = whyNone(await offersHere(database), (await needsLeft(database, run)) ?? []);
    if (why === undefined || said.has(why)) return;
    said.add(why);
    note(`${several(waiting, 'trial')} of ${run} waiting: ${why}`);
  };
}

/** Undefined where a worker offers all that is needed; agents that it can't open are its own to tell. */
function whyNone(workers: readonly string[][], needs: readonly string[]): string | undefined {
  if (workers.length === 0) return 'no worker is here; start one with: proctor worker --queue …';
  const lacks = workers.map((offers) => lacking(needs, offers));
  if (lacks.some((lack) => lack.length === 0)) return undefined;
  const [nearest = []] = lacks.sort((a, b) => a.length - b.length);
  return `none of ${several(workers.length, 'worker')} here offers ${nearest.join(' and ')}`;
}
