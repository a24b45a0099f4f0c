import type { Settle } from './holder.ts';
import { GateShut, type RateGate, type RateLimits, type ToldLimits } from './rate-gate.ts';

interface Budgeted {
  /** Rejects with the signal's reason. */
  ask(tokens: number, signal: AbortSignal): Promise<Settle>;
  shut(ms: number): void;
  learn(told: ToldLimits): void;
}

/** A gate over a budget, whose `shutFor` is called with what is learnt of how long it will be shut. */
export function gateOver(
  { ask, shut, learn }: Budgeted,
  limitsNow: () => RateLimits,
): RateGate & { shutFor(ms: number): void } {
  const entering = new Set<{ until: number; left: AbortController }>();
  let shutUntil = Number.NEGATIVE_INFINITY;

  const shutFor = (ms: number) => {
    shutUntil = Math.max(shutUntil, performance.now() + ms);
    for (const { until, left } of entering) if (shutUntil > until) left.abort(new GateShut());
  };
  return {
    shutFor,
    learn,
    shut(ms) {
      shut(ms);
      shutFor(ms);
    },
    async enter(work, { signal, tokens = () => 0, until = Number.POSITIVE_INFINITY }) {
      signal.throwIfAborted();
      if (shutUntil > Math.max(until, performance.now())) throw new GateShut();
      const one = { until, left: new AbortController() };
      entering.add(one);
      const amount = limitsNow().tokens === undefined ? 0 : tokens();
      const settle = await ask(amount, AbortSignal.any([signal, one.left.signal])).finally(() =>
        entering.delete(one),
      );
      let used: number | undefined;
      try {
        return await work((taken) => {
          used = taken;
        });
      } finally {
        settle(used);
      }
    },
  };
}
