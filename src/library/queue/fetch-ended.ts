import type { Ledger, LedgerTrial } from '../../orchestrator/ledger.ts';
import type { TrialRow } from '../../queue/status.ts';
import type { Outcome } from '../../schema/outcome.ts';
import { fetchTrial, refusedFolder, sealOf } from '../../store/fetch.ts';
import { type ShippedTrial, shippedOf } from '../../store/shipped-trial.ts';
import type { Store } from '../../store/store.ts';

interface FetchedRun {
  run: string;
  store: Store;
  /** Folder into which the run is fetched. */
  dir: string;
}

/** Fetches what a worker committed of a trial: its last attempt, whose outcome it gives, and those before it that failed through no fault of the agent. */
export async function fetchCommitted(
  row: TrialRow,
  spec: LedgerTrial,
  ledger: Ledger,
  { run, store, dir }: FetchedRun,
): Promise<Outcome | undefined> {
  let last: Outcome | undefined;
  for (const { trial, retryOf, resumes, status, outcome, head } of row.entries ?? []) {
    if (!head || !outcome) continue;
    await fetchTrial({ store, shipped: { run, trial, fence: row.fence }, runDir: dir }).finish(head);
    const origin = {
      ...(retryOf !== undefined && { retryOf }),
      // What other workers had of it is in the place of nothing else here.
      ...(resumes !== undefined && { resumes: spec.trial }),
    };
    ledger.update({ ...spec, trial, ...origin }, { status, outcome, head });
    last = trial === row.entries?.at(-1)?.trial ? outcome : undefined;
  }
  return last;
}

/** A result that came after its lease was lost is kept apart, and counts for nothing. */
export async function fetchRefused(
  { run, trial, fence }: ShippedTrial,
  { store, dir }: FetchedRun,
): Promise<void> {
  for (const shipped of await shippedOf(store, { run, trial })) {
    const sealed = shipped.fence === fence ? await sealOf(store, shipped) : undefined;
    const as = `${shipped.trial}.${fence}`;
    if (sealed) await fetchTrial({ store, shipped, runDir: refusedFolder(dir), as }).finish(sealed.head);
  }
}
