/** How many times its time a call may take as long as its server tells its progress. */
const maxTimes = 10;
const maxTimerMs = 2 ** 31 - 1;

/** The time that is left to a call. */
export interface Patience {
  /** Aborted when the time is over. */
  readonly over: AbortSignal;
  /** Gives the time anew. */
  progressed(): void;
  end(): void;
}

export function patience(timeoutMs: number): Patience {
  const controller = new AbortController();
  const until = performance.now() + timeoutMs * maxTimes;
  const end = () => controller.abort(new Error('timed out'));
  const wait = () => setTimeout(end, Math.min(timeoutMs, Math.max(0, until - performance.now()), maxTimerMs));
  let timer = wait();
  return {
    over: controller.signal,
    progressed() {
      clearTimeout(timer);
      if (!controller.signal.aborted) timer = wait();
    },
    end: () => clearTimeout(timer),
  };
}
