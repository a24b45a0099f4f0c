import { join } from 'node:path';
import { type ErrorCode, ProctorError } from '../../errors.ts';
import { runClaim } from '../../orchestrator/run-claim.ts';
import type { TrialEnd } from '../../orchestrator/trial.ts';
import type { Claim } from '../../orchestrator/work.ts';
import type { Database } from '../../queue/database.ts';
import { commitTrial, type Leased, releaseTrial } from '../../queue/lease.ts';
import { secretsOf, toolboxOpener } from '../../run-trials.ts';
import type { SandboxProvider } from '../../sandbox/sandbox.ts';
import type { RunTrial } from '../../schema/run.ts';
import type { Shipment } from '../../store/shipment.ts';
import { resumeShipped } from '../resume-shipped.ts';
import type { ActivityLog } from './activity.ts';
import type { WorkerRun } from './worker-run.ts';
import type { ClaimEnd } from './worker-watch.ts';

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
  /** Told of its events. */
  followed: Pick<ReturnType<ActivityLog['follow']>, 'event'>;
  /** Told of each of its attempts here. */
  tried(outcome: TrialEnd['outcome']): void;
}

/** Of what ends a trial, what its worker and not the trial is to be blamed for: another worker may do better. */
const faults: readonly ErrorCode[] = [
  'disk-full',
  'trace-write-failed',
  'store-failed',
  'engine-unreachable',
  'queue-unreachable',
];

/**
 * Makes a claimed trial, ships its trace while it grows, and commits its result. What is no longer this worker's is not committed. Gives how it ended. Throws what
 * the worker lacks, which is no result: `disk-full`, `trace-write-failed`, `store-failed`, `engine-unreachable`, `queue-unreachable`.
 */
export async function runLeased({
  database,
  provider,
  run,
  leased,
  lost,
  dir,
  signal,
  note,
  followed,
  tried,
}: LeasedTrial): Promise<ClaimEnd> {
  let how: ClaimEnd = 'lost';
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
    async end({ trial }, { outcome, error }, head) {
      if (lost.aborted || faultOf(error)) return shipment?.stop();
      await shipment?.seal(head);
      const at = entries.findIndex((entry) => entry.trial === trial);
      entries[at] = { ...(entries[at] as RunTrial), status: 'ended', outcome, head };
    },
    async finish({ trial }, { outcome, error }) {
      if (lost.aborted) return note(`${trial}: ${lost.reason.message}; given up`);
      const fault = faultOf(error);
      if (fault) throw fault;
      if (signal.aborted && outcome === 'aborted') {
        how = 'released';
        return releaseTrial(database, leased, 'its worker was stopped');
      }
      how = await commitTrial(database, leased, entries, lost);
      note(
        how === 'committed'
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
      provider,
    },
    ...{ retries: run.brief.retries, secrets, openToolbox: toolboxOpener(), account: run.account, signal },
    watch: {
      note,
      event(_, event) {
        shipment?.grown();
        followed.event(event);
      },
      ended: (_, { outcome }) => tried(outcome),
    },
  });
  return how;
}

function faultOf(error: TrialEnd['error']): ProctorError | undefined {
  const code = faults.find((fault) => fault === error?.code);
  return code && error && new ProctorError(code, error.message);
}
