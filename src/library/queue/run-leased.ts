import { join } from 'node:path';
import { runClaim } from '../../orchestrator/run-claim.ts';
import type { Claim } from '../../orchestrator/work.ts';
import type { Database } from '../../queue/database.ts';
import { commitTrial, type Leased, releaseTrial } from '../../queue/lease.ts';
import { secretsOf, toolboxOpener } from '../../run-trials.ts';
import type { SandboxProvider } from '../../sandbox/sandbox.ts';
import type { RunTrial } from '../../schema/run.ts';
import type { Shipment } from '../../store/shipment.ts';
import { resumeShipped } from '../resume-shipped.ts';
import type { WorkerRun } from './worker-run.ts';

export interface LeasedTrial {
  database: Database;
  provider: SandboxProvider;
  run: WorkerRun;
  leased: Leased;
  /** Aborted where the lease is lost. */
  lost: AbortSignal;
  /** Folder that nothing else is in. */
  dir: string;
  signal: AbortSignal;
  note(line: string): void;
}

/** Makes a claimed trial, ships its trace while it grows, and commits its result. What is no longer this worker's is not committed. */
export async function runLeased({
  database,
  provider,
  run,
  leased,
  lost,
  dir,
  signal,
  note,
}: LeasedTrial): Promise<void> {
  const { config } = run.document;
  const given = await run.specOf(leased);
  const secrets = secretsOf(process.env, [given.environment]);
  const before = { store: run.store, held: leased, dir: join(dir, 'before'), secrets, note };
  const spec = await resumeShipped(given, before);
  const entries: RunTrial[] = [];
  const unshipped = new AbortController();
  let shipment: Shipment | undefined;
  const claim: Claim = {
    spec,
    signal: AbortSignal.any([lost, unshipped.signal]),
    begin({ trial, retryOf, resumes }) {
      shipment = run.ship({ run: leased.run, trial, fence: leased.fence }, join(dir, trial));
      shipment.failed.addEventListener('abort', () => unshipped.abort(shipment?.failed.reason), {
        once: true,
      });
      const { task, agent, attempt } = leased;
      entries.push({
        ...{ trial, task, agent, attempt, dir: trial, status: 'running' },
        ...(retryOf !== undefined && { retryOf }),
        ...(resumes !== undefined && { resumes }),
      });
    },
    async end({ trial }, { outcome }, head) {
      if (lost.aborted) return shipment?.stop();
      await shipment?.seal(head);
      const at = entries.findIndex((entry) => entry.trial === trial);
      entries[at] = { ...(entries[at] as RunTrial), status: 'ended', outcome, head };
    },
    async finish({ trial }, { outcome }) {
      if (lost.aborted) return note(`${trial}: ${lost.reason.message}; given up`);
      if (signal.aborted && outcome === 'aborted')
        return releaseTrial(database, leased, 'its worker was stopped');
      const came = await commitTrial(database, leased, entries);
      note(
        came === 'committed'
          ? `${trial}: ${leased.task}, ${leased.agent}: ${outcome}`
          : `${trial}: came too late, and was refused`,
      );
    },
  };
  await runClaim(claim, {
    ...{
      run: leased.run,
      runSeed: config.seed,
      limits: config.limits,
      dir,
      provider: preparing(provider, note),
    },
    ...{ retries: run.brief.retries, secrets, openToolbox: toolboxOpener(), account: run.account, signal },
    watch: { note, event: () => shipment?.grown(), ended: () => {} },
  });
}

/** Has the image of a sandbox built or pulled before it is opened. */
function preparing(provider: SandboxProvider, note: (line: string) => void): SandboxProvider {
  return {
    ...provider,
    async open(spec, signal) {
      await provider.prepare(spec, note);
      return provider.open(spec, signal);
    },
  };
}
