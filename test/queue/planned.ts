import { onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/queue/database.ts';
import type { Claimant } from '../../src/queue/lease.ts';
import { migrations } from '../../src/queue/migrations.ts';
import { type PlannedTrial, planRun } from '../../src/queue/plan.ts';
import type { RunTrial } from '../../src/schema/run.ts';
import type { PostgresServer } from './postgres.ts';

export const trialOf = (name: string, needs: string[] = []): PlannedTrial => ({
  trial: name,
  task: `task-${name}`,
  agent: 'nop',
  attempt: 1,
  needs,
});

/** A fresh database of the server with a run `r1` of these trials. */
export async function planned(
  server: PostgresServer,
  trials: readonly PlannedTrial[],
  { maxTries = 3, run = 'r1' } = {},
): Promise<Database> {
  const database = await openDatabase(await server.database(), { migrations });
  onTestFinished(() => database.close());
  await planRun(database, { run, document: {}, manifest: {}, maxTries }, () => trials);
  return database;
}

export const worker = (name: string, more: Partial<Claimant> = {}): Claimant => ({
  worker: name,
  offers: [],
  leaseSeconds: 60,
  ...more,
});

export const endOf = (trial: string): RunTrial[] => [
  {
    trial,
    task: `task-${trial}`,
    agent: 'nop',
    attempt: 1,
    dir: trial,
    status: 'ended',
    outcome: 'submitted',
  },
];

/** Lets every lease lapse, as if its time were over. */
export const lapse = (database: Database) =>
  database.ask(
    "update proctor.trial set lease_until = now() - interval '1 millisecond' where state = 'running'",
  );
