import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Step, Trial } from '../schema/trial.ts';

/** Milliseconds that the time of a file may lag behind the clock: kernels take it from their last tick. */
const tickMs = 20;

/**
 * Milliseconds to wait, at `now` in milliseconds since 1970, before a recorded call is made again. A replay is faster than its recording, and
 * programs that know a file by its size and by the second in which it was written (Python's compiled modules, `rsync`) take two of its
 * versions for one where both come within one second: so where the record has the last change of files in an earlier second than the call, so
 * has the replay. 0 where the call's step changed nothing that was looked at, and outside of containers.
 */
export function untilOwnSecond(recorded: Trial, replayed: Trial, callId: string, now: number): number {
  if (recorded.opened[0]?.imageId === undefined) return 0;
  const step = recorded.steps.find(({ calls }) => calls.some((call) => call.callId === callId));
  const called = step?.calls.find((call) => call.callId === callId)?.called;
  if (!step || !called || !mayChange(step)) return 0;
  const before = lastChange(recorded, callId);
  const since = before ? callOf(replayed, before.callId)?.returned?.at : replayed.steps[0]?.startedAt;
  const then = before ? before.returned?.at : recorded.steps[0]?.startedAt;
  if (then === undefined || since === undefined || secondOf(then) === secondOf(called.at)) return 0;
  return Math.max(0, (secondOf(since) + 1) * 1000 + tickMs - now);
}

/** Waits as `untilOwnSecond` says. */
export async function ownSecond(
  recorded: Trial,
  replayed: Trial,
  callId: string,
  signal: AbortSignal,
): Promise<void> {
  const ms = untilOwnSecond(recorded, replayed, callId, Date.now());
  if (ms > 0) await sleep(ms, undefined, { signal });
}

const secondOf = (at: string): number => Math.floor(Date.parse(at) / 1000);

/** Whether files changed in a step, as far as anybody looked: an environment may say nothing of what its state is. */
const mayChange = ({ state }: Step): boolean =>
  state?.digest === undefined || state.changes.length > 0 || state.rights.length > 0;

/** The last call before another one that may have changed files and came back. */
function lastChange({ steps }: Trial, callId: string): Call | undefined {
  const calls = steps.flatMap((step) => step.calls.map((call) => ({ call, changes: mayChange(step) })));
  const before = calls.slice(
    0,
    calls.findIndex(({ call }) => call.callId === callId),
  );
  return before.findLast(({ call, changes }) => changes && call.called && call.returned)?.call;
}

const callOf = ({ steps }: Trial, callId: string): Call | undefined =>
  steps.flatMap(({ calls }) => calls).find((call) => call.callId === callId);
