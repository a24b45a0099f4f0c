import type { Database } from '../../queue/database.ts';
import type { SandboxProvider } from '../../sandbox/sandbox.ts';
import type { WorkerWatch } from './worker-watch.ts';

/** What a worker is given. */
export interface WorkerParts {
  database: Database;
  provider: SandboxProvider;
  /** Trials at the same time. */
  capacity: number;
  labels: readonly string[];
  /** Seconds for which a trial is this worker's unless it renews. */
  leaseSeconds: number;
  /** Folder of its own: packs, and traces until they are committed. */
  dir: string;
  /** Ends it: trials under way are handed back. */
  signal: AbortSignal;
  note(line: string): void;
  watch?: WorkerWatch | undefined;
}
