import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../../errors.ts';
import { several } from '../../format.ts';
import { type Ledger, type LedgerTrial, openLedger } from '../../orchestrator/ledger.ts';
import { cancelTrials } from '../../queue/cancel.ts';
import type { Database } from '../../queue/database.ts';
import { takeBackLapsed } from '../../queue/lease.ts';
import { endedSince, lostAttempts, type Sums, sumsOf, type TrialRow, trialRows } from '../../queue/status.ts';
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
}

/** Milliseconds after which the queue is asked again. */
const lookEveryMs = 500;

/**
 * Fetches the trials of a queued run as they are committed, until nothing of it is left, and writes its `run.json`. Throws
 * `queue-unreachable`, `store-failed`, and `lease-lost` where the queue's sums don't add up.
 */
export async function followQueued(parts: Follow): Promise<FinishedRun> {
  const { database, queued, dir, signal, note } = parts;
  const { run } = queued;
  const planned = new Map<string, LedgerTrial>();
  for await (const { trial, task, agent, attempt } of trialRows(database, run))
    planned.set(trial, { trial, attempt, task: { name: task }, agent: { id: agent } });
  const { kind, ...document } = queued.document;
  const ledger = openLedger({ ...document, ...(kind && { kind }), dir, trials: [...planned.values()] });
  const taken = new Set<string>();
  let since: string | undefined;
  let isCancelled = false;
  for (;;) {
    if (signal.aborted && !isCancelled) {
      isCancelled = true;
      await cancelTrials(database, { run, reason: 'its starter was stopped' });
    }
    await takeBackLapsed(database);
    const sums = await sumsOf(database, run);
    const { rows, now } = await endedSince(database, run, since);
    since = now;
    for (const row of rows) {
      const spec = planned.get(row.trial);
      if (!spec || taken.has(row.trial)) continue;
      taken.add(row.trial);
      if (row.state === 'committed') await take(row, spec, ledger, parts);
      else note(`${row.trial}: ${row.state}: ${row.reason}`);
    }
    if (sums.waiting + sums.running === 0) break;
    await sleep(lookEveryMs, undefined, { signal: isCancelled ? undefined : signal }).catch(() => {});
  }
  const sums = await sumsOf(database, run);
  for (const { trial, fence, worker, how, reason } of await lostAttempts(database, run)) {
    note(`${trial}: claim ${fence} by ${worker} was ${how}${reason === null ? '' : `: ${reason}`}`);
    if (how === 'refused') await fetchRefused({ run, trial, fence }, parts);
  }
  note(sumLine(sums));
  requireSums(run, sums);
  const status: Run['status'] = isCancelled || sums.cancelled > 0 ? 'interrupted' : 'done';
  return { run: ledger.finish({ status }), dir, traceOf: (trial) => join(dir, trial) };
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
