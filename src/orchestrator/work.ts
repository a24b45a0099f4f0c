import type { Head } from '../trace/chain.ts';
import type { TrialEnd } from './trial.ts';
import type { TrialSpec } from './trial-plan.ts';

/** Where the trials of a run come from: the run's own list, or a queue that many machines take from. */
export interface Work {
  /** The next trial; undefined where none may begin before one under way has ended, or at all. */
  claim(): Claim | undefined | Promise<Claim | undefined>;
}

/** A trial that nobody else runs, and where it is told what becomes of it. */
export interface Claim {
  readonly spec: TrialSpec;
  /**
   * Aborted where the trial is taken away: it was cancelled, or is held by somebody else since. With an error of infrastructure as its
   * reason, that error is what the trial ends with.
   */
  readonly signal?: AbortSignal;
  /** Called before an attempt's first event is written; `tried` is `spec`, or what is run in its place. */
  begin(tried: TrialSpec): void | Promise<void>;
  /** Called when an attempt has ended and `head` seals its trace. */
  end(tried: TrialSpec, end: TrialEnd, head: Head): void | Promise<void>;
  /** Called when no other attempt follows; `cut` where the run's budget was spent meanwhile. */
  finish(tried: TrialSpec, end: TrialEnd, cut: boolean): void | Promise<void>;
}

/** Keeps as many trials going as there may be, and asks for more whenever one has ended. */
export async function workOff(
  work: Work,
  { concurrency, isOver }: { concurrency: number; isOver(): boolean },
  run: (claim: Claim) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  for (;;) {
    while (running.size < concurrency && !isOver()) {
      const claim = await work.claim();
      if (!claim) break;
      const trial: Promise<void> = run(claim).finally(() => running.delete(trial));
      running.add(trial);
    }
    if (running.size === 0) return;
    await Promise.race(running);
  }
}
