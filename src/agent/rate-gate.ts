import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';

/** Limits the requests of all trials of a run to a model endpoint. */
export interface RateGate {
  /**
   * Runs `work` when a place is free and the gate is open. Rejects with the signal's reason as soon as it is aborted, and with
   * `GateShut` where the gate is shut beyond `until` on the monotonic clock.
   */
  enter<T>(work: () => Promise<T>, signal: AbortSignal, until?: number): Promise<T>;
  /** Keeps the gate shut for everybody, for at least this many milliseconds from now. */
  shut(ms: number): void;
}

export class GateShut extends Error {}

/** @param options.concurrency how many requests may be under way at once */
export function rateGate({ concurrency = Number.POSITIVE_INFINITY } = {}): RateGate {
  const queue = new PQueue({ concurrency });
  let shutUntil = 0;

  const opened = async (signal: AbortSignal, until: number) => {
    signal.throwIfAborted();
    while (shutUntil > performance.now()) {
      if (shutUntil > until) throw new GateShut();
      await sleep(shutUntil - performance.now(), undefined, { signal });
    }
  };

  return {
    shut: (ms) => {
      shutUntil = Math.max(shutUntil, performance.now() + ms);
    },
    enter: async (work, signal, until = Number.POSITIVE_INFINITY) => {
      signal.throwIfAborted();
      const left = new AbortController();
      const entered = queue.add(() => opened(signal, until).then(work), { throwOnTimeout: true });
      const aborted = once(signal, 'abort', { signal: left.signal }).then(() => signal.throwIfAborted());
      try {
        await Promise.race([entered, aborted]);
        return await entered;
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      } finally {
        left.abort();
        entered.catch(() => {});
        aborted.catch(() => {});
      }
    },
  };
}
