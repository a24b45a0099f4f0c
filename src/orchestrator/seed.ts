import { createHash } from 'node:crypto';

/** Seed of a trial: the same for the same run seed, task and attempt, whoever the agent is. */
export function trialSeed(runSeed: string, task: string, attempt: number): string {
  return createHash('sha256')
    .update(JSON.stringify([runSeed, task, attempt]))
    .digest('hex')
    .slice(0, 16);
}

/** Where the clocks of seeded host servers start: fixed, so that a trial of today replays tomorrow. */
export const trialClock = '2026-01-15T09:00:00.000Z';
