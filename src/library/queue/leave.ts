import { messageOf, ProctorError } from '../../errors.ts';
import { cancelTrials } from '../../queue/cancel.ts';
import type { Database } from '../../queue/database.ts';
import { within } from '../../sandbox/within.ts';

interface LeaveParts {
  database: Database;
  run: string;
  /** Ends the following. */
  signal: AbortSignal;
  /** Whether the run is over when it is no longer followed. */
  cancels: boolean;
  /** Whether the database is known not to answer. */
  isGone(): boolean;
}

/** Milliseconds for which who is stopped tries to cancel the run. */
const cancelMs = 5_000;

/**
 * A signal that is aborted where a run goes on without being followed, its reason an `interrupted` that says how to go on: when `signal` is,
 * or where the run should have been cancelled then and could not be.
 */
export function leaving({ database, run, signal, cancels, isGone }: LeaveParts): AbortSignal {
  const left = new AbortController();
  const leave = (why: string) => {
    const on = `proctor attach ${run} --queue …; end it with: proctor cancel ${run} --queue …`;
    left.abort(new ProctorError('interrupted', `${run} ${why}; go on with: ${on}`));
  };
  const cancel = async () => {
    const cancelled = cancelTrials(database, { run, reason: 'its starter was stopped' });
    if ((await within(isGone() ? 0 : cancelMs, cancelled)) === undefined)
      throw new ProctorError('queue-unreachable', `${database.place} does not answer`);
  };
  const stop = () => {
    if (!cancels) return leave('goes on without being followed');
    cancel().catch((error) => leave(`could not be cancelled and goes on: ${messageOf(error)}`));
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return left.signal;
}
