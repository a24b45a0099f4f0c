import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../../errors.ts';
import { several } from '../../format.ts';
import { type Ledger, type LedgerTrial, openLedger } from '../../orchestrator/ledger.ts';
import { cancelTrials } from '../../queue/cancel.ts';
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
import { fetchTrial, refusedFolder, sealOf } from '../../store/fetch.ts';
import { type ShippedTrial, shippedOf } from '../../store/shipped-trial.ts';
import type { Store } from '../../store/store.ts';
import type { QueuedRun } from './queued-run.ts';

export interface Follow {
  database: Database;
  store: Store;
  queued: QueuedRun;
  /** Folder into which the run is fetched. */
  dir: string;
  /** Cancels the run. */
  signal: AbortSignal;
  note(line: string): void;
  /** Called when a trial has ended and its trace is here. */
  ended(trial: string, outcome: Outcome): void;
  /** Told each time the queue is asked of some of the trials that are under way, and how many there are. */
  underWay?(held: readonly HeldTrial[], running: number): void;
}

/** Trials under way that are named. */
const mostNamed = 20;

/** Milliseconds after which the queue is asked again. */
const lookEveryMs = 500;

/**
 * Fetches the trials of a queued run as they are committed, until nothing of it is left, and writes its `run.json`. Throws
 * `queue-unreachable`, `store-failed`, and `lease-lost` where the queue's sums don't add up.
 */
export async function followQueued(parts: Follow): Promise<FinishedRun> {
  const { database, queued, dir, signal, note } = parts;
  const { run } = queued;
  const patiently = <T>(ask: () => Promise<T>) => untilReached(ask, note);
  const planned = await patiently(() => plannedTrials(database, run));
  const { kind, ...document } = queued.document;
  const ledger = openLedger({ ...document, ...(kind && { kind }), dir, trials: [...planned.values()] });
  const taken = new Set<string>();
  let since: string | undefined;
  let isCancelled = false;
  /** Whether nothing is left. */
  const look = async (): Promise<boolean> => {
    if (signal.aborted && !isCancelled) {
      await cancelTrials(database, { run, reason: 'its starter was stopped' });
      isCancelled = true;
    }
    await takeBackLapsed(database);
    const { waiting, running } = await sumsOf(database, run);
    const { rows, now } = await endedSince(database, run, since);
    for (const row of rows) {
      const spec = planned.get(row.trial);
      if (!spec || taken.has(row.trial)) continue;
      if (row.state === 'committed') await take(row, spec, ledger, parts);
      else note(`${row.trial}: ${row.state}: ${row.reason}`);
      taken.add(row.trial);
    }
    since = now;
    parts.underWay?.(await heldNow(database, run, mostNamed), running);
    return waiting + running === 0;
  };
  while (!(await patiently(look)))
    await sleep(lookEveryMs, undefined, { signal: isCancelled ? undefined : signal }).catch(() => {});
  const sums = await patiently(() => sumsOf(database, run));
  const lost = await patiently(() => lostAttempts(database, run));
  for (const { trial, fence, worker, how, reason } of lost) {
    note(`${trial}: claim ${fence} by ${worker} was ${how}${reason === null ? '' : `: ${reason}`}`);
    if (how === 'refused') await fetchRefused({ run, trial, fence }, parts);
  }
  note(sumLine(sums));
  requireSums(run, sums);
  const end = await patiently(() => endOf(database, run, sums));
  return { run: ledger.finish(end), dir, traceOf: (trial) => join(dir, trial) };
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

/** A database that does not answer is waited for: workers don't need who follows them. */
async function untilReached<T>(ask: () => Promise<T>, note: (line: string) => void): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ProctorError) || error.code !== 'queue-unreachable') throw error;
      note(`${error.message}; trying again`);
      await sleep(lookEveryMs);
    }
  }
}

/** Fetches what a worker committed of a trial: its last attempt, and those before it that failed through no fault of the agent. */
async function take(
  row: TrialRow,
  spec: LedgerTrial,
  ledger: Ledger,
  { store, queued: { run }, dir, ended }: Follow,
): Promise<void> {
  for (const { trial, retryOf, resumes, status, outcome, head } of row.entries ?? []) {
    if (!head || !outcome) continue;
    await fetchTrial({ store, shipped: { run, trial, fence: row.fence }, runDir: dir }).finish(head);
    const origin = {
      ...(retryOf !== undefined && { retryOf }),
      // What other workers had of it is in the place of nothing else here.
      ...(resumes !== undefined && { resumes: spec.trial }),
    };
    ledger.update({ ...spec, trial, ...origin }, { status, outcome, head });
    if (trial === row.entries?.at(-1)?.trial) ended(spec.trial, outcome);
  }
}

/** A result that came after its lease was lost is kept apart, and counts for nothing. */
async function fetchRefused({ run, trial, fence }: ShippedTrial, { store, dir }: Follow): Promise<void> {
  for (const shipped of await shippedOf(store, { run, trial })) {
    const sealed = shipped.fence === fence ? await sealOf(store, shipped) : undefined;
    const as = `${shipped.trial}.${fence}`;
    if (sealed) await fetchTrial({ store, shipped, runDir: refusedFolder(dir), as }).finish(sealed.head);
  }
}

function sumLine({ planned, committed, failed, cancelled, again, refused }: Sums): string {
  const extra = [
    again > 0 ? `${again} begun again` : '',
    refused > 0 ? `${several(refused, 'late result')} refused` : '',
  ].filter((one) => one !== '');
  return `${planned} planned = ${committed} committed + ${failed} failed + ${cancelled} cancelled${extra.length > 0 ? `; ${extra.join(', ')}` : ''}`;
}

function requireSums(run: string, { planned, committed, failed, cancelled }: Sums): void {
  if (planned !== committed + failed + cancelled)
    throw new ProctorError(
      'lease-lost',
      `${run}: ${planned} trials were planned, but ${committed + failed + cancelled} ended`,
    );
}
