import type { Budget, Waiting } from './budget.ts';

/** The money of a run, in US dollars. */
export interface CostState {
  spent: number;
  /** Set aside for requests under way. */
  reserved: number;
  underWay: number;
  /** What the dearest request so far cost, which is set aside for the next. */
  dearest: number;
  /** How many have been given a place. */
  placed: number;
  /** Why nothing more may be spent. */
  closed?: 'spent' | 'unknown-cost';
}

/** At most so much for a run, of which `spentUsd` is gone before it begins: a request sets aside what the dearest one so far cost, and waits while all that is left is set aside. */
export function costBudget(maxCostUsd: number, spentUsd = 0): Budget<CostState> {
  const closing = (state: CostState): CostState =>
    state.closed === undefined && state.spent >= maxCostUsd ? { ...state, closed: 'spent' } : state;
  const paid = (state: CostState, used: number | undefined): CostState => {
    if (used !== undefined)
      return closing({ ...state, spent: state.spent + used, dearest: Math.max(state.dearest, used) });
    return Number.isFinite(maxCostUsd) ? { ...state, closed: state.closed ?? 'unknown-cost' } : state;
  };
  return {
    open: () => closing({ spent: spentUsd, reserved: 0, underWay: 0, dearest: 0, placed: 0 }),
    place: (state) => ({ state: { ...state, placed: state.placed + 1 }, place: state.placed }),
    serve(state, waiting) {
      if (state.closed) return { state, granted: [] };
      const granted: Waiting[] = [];
      let { reserved, underWay } = state;
      for (const one of waiting) {
        if (underWay > 0 && state.spent + reserved >= maxCostUsd) break;
        granted.push({ ...one, amount: state.dearest });
        reserved += state.dearest;
        underWay += 1;
      }
      return { state: { ...state, reserved, underWay }, granted };
    },
    settle(state, amount, used) {
      const underWay = Math.max(0, state.underWay - 1);
      const reserved = underWay === 0 ? 0 : Math.max(0, state.reserved - amount);
      return paid({ ...state, reserved, underWay }, used);
    },
    spend: paid,
    learn: (state) => state,
    shut: (state) => state,
  };
}
