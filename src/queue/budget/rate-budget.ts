import type { Budget, Waiting } from './budget.ts';
import type { RateLimits } from './rate-gate.ts';

/** A token bucket of an endpoint, which is filled evenly, and whose turn it is. */
export interface RateState {
  /** What may be taken at once; below zero where more was taken than was there. */
  tokens: number;
  requests: number;
  /** When it was filled up to this. */
  at: number;
  shutUntil: number;
  /** The place of who was served last. */
  served: number;
  /** Where each run's next request is placed at the earliest. */
  next: Record<string, number>;
}

/** The part of a minute's limit that may be taken at once; what an endpoint counts otherwise finds room in the rest. */
const burst = 1 / 6;

const capacityOf = (limit: number | undefined) =>
  limit === undefined ? Number.POSITIVE_INFINITY : Math.max(1, limit * burst);
const perMs = (limit: number) => limit / 60_000;

/**
 * Requests and tokens per minute. Runs are served by start-time fair queuing (Goyal, Vin and Cheng 1996): each gets the same share while
 * it has requests, however many, and a large request keeps its turn until there is enough for it.
 */
export function rateBudget(limits: RateLimits): Budget<RateState> {
  const tokenCapacity = capacityOf(limits.tokens);
  const requestCapacity = capacityOf(limits.requests);
  const filled = (state: RateState, now: number): RateState => {
    const ms = Math.max(0, now - state.at);
    const more = (level: number, limit: number | undefined, capacity: number) =>
      limit === undefined ? 0 : Math.min(capacity, level + ms * perMs(limit));
    return {
      ...state,
      tokens: more(state.tokens, limits.tokens, tokenCapacity),
      requests: more(state.requests, limits.requests, requestCapacity),
      at: Math.max(now, state.at),
    };
  };
  const spent = (given: RateState, tokens: number, now: number): RateState => {
    const state = filled(given, now);
    if (limits.tokens === undefined) return state;
    return { ...state, tokens: Math.min(tokenCapacity, state.tokens - tokens) };
  };
  /** Milliseconds until as many are there. */
  const until = (level: number, wanted: number, limit: number | undefined, capacity: number) =>
    limit === undefined ? 0 : Math.max(0, (Math.min(wanted, capacity) - level) / perMs(limit));

  return {
    open: (now) => ({
      tokens: limits.tokens === undefined ? 0 : tokenCapacity,
      requests: limits.requests === undefined ? 0 : requestCapacity,
      at: now,
      shutUntil: 0,
      served: 0,
      next: {},
    }),

    place(state, { run, amount }) {
      const place = Math.max(state.served, state.next[run] ?? 0);
      const next = Object.entries(state.next).filter(([, at]) => at > state.served);
      return { state: { ...state, next: { ...Object.fromEntries(next), [run]: place + 1 + amount } }, place };
    },

    serve(given, waiting, now) {
      const state = filled(given, now);
      const granted: Waiting[] = [];
      const dueInMs: number[] = [];
      let { tokens, requests, served } = state;
      for (const one of waiting) {
        const due = Math.max(
          0,
          state.shutUntil - now,
          until(tokens, one.amount, limits.tokens, tokenCapacity),
          until(requests, 1, limits.requests, requestCapacity),
        );
        // Whoever comes after one that has to wait does so too, or a large request would never have its turn.
        if (due > 0 || dueInMs.length > 0) dueInMs.push(Math.max(due, dueInMs.at(-1) ?? 0));
        else {
          granted.push(one);
          served = Math.max(served, one.place);
        }
        tokens -= limits.tokens === undefined ? 0 : one.amount;
        requests -= limits.requests === undefined ? 0 : 1;
      }
      const taken = granted.reduce((sum, { amount }) => sum + amount, 0);
      return {
        state: {
          ...state,
          tokens: limits.tokens === undefined ? 0 : state.tokens - taken,
          requests: limits.requests === undefined ? 0 : state.requests - granted.length,
          served,
        },
        granted,
        dueInMs,
      };
    },

    settle: (state, amount, used = amount, now) => spent(state, used - amount, now),
    spend: (state, used = 0, now) => spent(state, used, now),
    shut: (state, ms, now) => ({ ...state, shutUntil: Math.max(state.shutUntil, now + ms) }),
  };
}
