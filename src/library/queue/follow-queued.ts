import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { several } from '../../format.ts';
import { type LedgerTrial, openLedger } from '../../orchestrator/ledger.ts';
import type { Database } from '../../queue/database.ts';
import { takeBackLapsed } from '../../queue/lease.ts';
import {
  endedSince,
  firstNotRun,
  type HeldTrial,
  heldNow,
  lostAttempts,
  readRunRow,
  type Sums,
  sumsOf,
  type TrialRow,
  trialRows,
} from '../../queue/status.ts';
import type { FinishedRun } from '../../run-trials.ts';
import type { Outcome } from '../../schema/outcome.ts';
import type { Run } from '../../schema/run.ts';
import type { Store } from '../../store/store.ts';
import { fetchCommitted, fetchRefused } from './fetch-ended.ts';
import { leaving } from './leave.ts';
import { type Patience, patience } from './patient.ts';
import type { QueuedRun } from './queued-run.ts';
import { sumLine } from './sum-line.ts';
import { unservedNotes } from './unserved.ts';

export interface Follow {
  database: Database;
  store: Store;
  queued: QueuedRun;
  /** Folder into which the run is fetched. */
  dir: string;
  /** Ends the following. */
  signal: AbortSignal;
  /** Whether the run is over when it is no longer followed. */
  cancels: boolean;
  note(line: string): void;
  /** Called when a trial has ended and its trace is here. */
  ended(trial: LedgerTrial, outcome: Outcome): void;
  /** Told each time the queue is asked of some of the trials that are under way, and how many there are. */
  underWay?(held: readonly HeldTrial[], running: number): void;
}

/** Trials under way that are named. */
const mostNamed = 20;

/** Milliseconds after which the queue is asked again. */
const lookEveryMs = 500;

/**
 * Fetches the trials of a queued run as they are committed, until nothing of it is left, and writes its `run.json`. A database that is gone
 * is waited for, a store for two minutes. Throws `store-failed`, `interrupted` where the run goes on without being followed, and `lease-lost`
 * where the queue's sums don't add up.
 */
export async function followQueued(parts: Follow): Promise<FinishedRun> {
  const {
    queued: { run },
  } = parts;
  const left = leaving({ ...parts, run, isGone: () => patient.isGone() });
  const patient = patience({ ...parts, signal: left });
  const abandoned = new Promise<never>((_, reject) =>
    left.addEventListener('abort', () => reject(left.reason), { once: true }),
  );
  return Promise.race([follow(parts, patient), abandoned]);
}

async function follow(parts: Follow, patient: Patience): Promise<FinishedRun> {
  const { database, store, queued, dir, signal, note } = parts;
  const { run } = queued;
  const fetched = { run, store, dir };
  const planned = await patient.ask(() => plannedTrials(database, run));
  const { kind, ...document } = queued.document;
  const trials = [...planned.values()];
  const ledger = openLedger({ ...document, ...(kind && { kind }), queue: database.place, dir, trials });
  const noteUnserved = unservedNotes(database, run, note);
  const taken = new Set<string>();
  let since: string | undefined;
  /** Whether nothing is left. */
  const look = async (): Promise<boolean> => {
    await takeBackLapsed(database);
    const sums = await sumsOf(database, run);
    const { rows, now } = await endedSince(database, run, since);
    const fresh = rows.filter(({ trial }) => !taken.has(trial));
    for (const row of fresh) {
      const spec = planned.get(row.trial);
      if (spec && row.state === 'committed') {
        const outcome = await fetchCommitted(row, spec, ledger, fetched);
        if (outcome) parts.ended(spec, outcome);
      }
      taken.add(row.trial);
    }
    for (const line of notMadeLines(fresh)) note(line);
    since = now;
    parts.underWay?.(await heldNow(database, run, mostNamed), sums.running);
    await noteUnserved(sums);
    return sums.waiting + sums.running === 0;
  };
  while (!(await patient.ask(look)))
    await sleep(lookEveryMs, undefined, signal.aborted ? {} : { signal }).catch(() => {});
  const sums = await patient.ask(() => sumsOf(database, run));
  const lost = await patient.ask(() => lostAttempts(database, run));
  for (const { trial, fence, worker, how, reason } of lost) {
    note(`${trial}: claim ${fence} by ${worker} was ${how}${reason === null ? '' : `: ${reason}`}`);
    if (how === 'refused') await patient.ask(() => fetchRefused({ run, trial, fence }, fetched));
  }
  note(sumLine(run, sums));
  const end = await patient.ask(() => endOf(database, run, sums));
  return { run: ledger.finish(end), dir, traceOf: (trial) => join(dir, trial) };
}

/** What is said of trials that were failed or cancelled: a line for each reason. */
function notMadeLines(rows: readonly TrialRow[]): string[] {
  const named = new Map<string, { first: string; others: number }>();
  for (const { trial, state, reason } of rows) {
    if (state === 'committed') continue;
    const why = `${state}: ${reason}`;
    const same = named.get(why);
    if (same) same.others += 1;
    else named.set(why, { first: trial, others: 0 });
  }
  return [...named].map(([why, { first, others }]) =>
    others === 0 ? `${first}: ${why}` : `${first} and ${several(others, 'other')}: ${why}`,
  );
}

/** How a run ended of which nothing is left: trials that were cancelled, or failed with each worker, were not run. */
async function endOf(database: Database, run: string, sums: Sums): Promise<Pick<Run, 'status' | 'stopped'>> {
  if ((await readRunRow(database, run))?.state === 'cancelled') return { status: 'interrupted' };
  const first = await firstNotRun(database, run);
  if (!first) return { status: 'done' };
  const many = [
    ...(sums.failed > 0 ? [`${several(sums.failed, 'trial')} failed with each worker that tried`] : []),
    ...(sums.cancelled > 0 ? [`${several(sums.cancelled, 'trial')} cancelled`] : []),
  ];
  const message = `${many.join(', ')}; ${first.trial}: ${first.reason}`;
  return { status: 'done', stopped: { code: `trials-${first.state}`, message } };
}

async function plannedTrials(database: Database, run: string): Promise<Map<string, LedgerTrial>> {
  const planned = new Map<string, LedgerTrial>();
  for await (const { trial, task, agent, attempt } of trialRows(database, run))
    planned.set(trial, { trial, attempt, task: { name: task }, agent: { id: agent } });
  return planned;
}
