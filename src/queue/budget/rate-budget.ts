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
  /** What the endpoint told of its limits, per minute. */
  told?: RateLimits;
}

export interface RateBudget extends Budget<RateState> {
  /** What may be taken in a minute, as far as that is known. */
  limitsOf(state: Pick<RateState, 'told'>): RateLimits;
}

/** The part of a minute's limit that may be taken at once; what an endpoint counts otherwise finds room in the rest. */
const burst = 1 / 6;

const capacityOf = (limit: number) => Math.max(1, limit * burst);
const perMs = (limit: number) => limit / 60_000;

/**
 * Requests and tokens per minute; without `given`, those that the endpoint tells. Runs are served by start-time fair queuing (Goyal, Vin and Cheng 1996): each gets the same share while
 * it has requests, however many, and a large request keeps its turn until there is enough for it.
 */
export function rateBudget(given: RateLimits): RateBudget {
  const isGiven = given.tokens !== undefined || given.requests !== undefined;
  const limitsOf = ({ told = {} }: Pick<RateState, 'told'>) => (isGiven ? given : told);
  const filled = (state: RateState, now: number): RateState => {
    const limits = limitsOf(state);
    const ms = Math.max(0, now - state.at);
    const more = (level: number, limit: number | undefined) =>
      limit === undefined ? 0 : Math.min(capacityOf(limit), level + ms * perMs(limit));
    return {
      ...state,
      tokens: more(state.tokens, limits.tokens),
      requests: more(state.requests, limits.requests),
      at: Math.max(now, state.at),
    };
  };
  const spent = (before: RateState, tokens: number, now: number): RateState => {
    const state = filled(before, now);
    const limit = limitsOf(state).tokens;
    return limit === undefined
      ? state
      : { ...state, tokens: Math.min(capacityOf(limit), state.tokens - tokens) };
  };
  /** Milliseconds until as many are there. */
  const until = (level: number, wanted: number, limit: number | undefined) =>
    limit === undefined ? 0 : Math.max(0, (Math.min(wanted, capacityOf(limit)) - level) / perMs(limit));
  const full = (limit: number | undefined) => (limit === undefined ? 0 : capacityOf(limit));

  return {
    limitsOf,
    open: (now) => ({
      tokens: full(given.tokens),
      requests: full(given.requests),
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

    serve(before, waiting, now) {
      const state = filled(before, now);
      const limits = limitsOf(state);
      const granted: Waiting[] = [];
      const dueInMs: number[] = [];
      let { tokens, requests, served } = state;
      for (const one of waiting) {
        const due = Math.max(
          0,
          state.shutUntil - now,
          until(tokens, one.amount, limits.tokens),
          until(requests, 1, limits.requests),
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
    learn(state, told) {
      if (isGiven) return state;
      const before = state.told ?? {};
      const level = (kind: 'tokens' | 'requests') => {
        const { perMinute, remaining = Number.POSITIVE_INFINITY } = told[kind] ?? {};
        if (perMinute === undefined) return state[kind];
        const most = before[kind] === undefined ? capacityOf(perMinute) : state[kind];
        return Math.min(most, remaining, capacityOf(perMinute));
      };
      return {
        ...state,
        tokens: level('tokens'),
        requests: level('requests'),
        told: {
          ...before,
          ...(told.tokens && { tokens: told.tokens.perMinute }),
          ...(told.requests && { requests: told.requests.perMinute }),
        },
      };
    },
    shut: (state, ms, now) => ({ ...state, shutUntil: Math.max(state.shutUntil, now + ms) }),
  };
}
