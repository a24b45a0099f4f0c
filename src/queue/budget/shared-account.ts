import { randomUUID } from 'node:crypto';
import { ProctorError } from '../../errors.ts';
import { money } from '../../format.ts';
import { type CostState, costBudget } from './cost-budget.ts';
import { exchange, type Transactions } from './exchange.ts';
import { openHolder, type Settle } from './holder.ts';
import { leaseMs } from './shared-rate-gate.ts';

interface Options {
  database: Transactions;
  run: string;
  /** Everything can be paid for where it is absent. */
  maxCostUsd?: number | undefined;
  /** What the run has cost before it was shared. */
  spentUsd?: number | undefined;
  leaseMs?: number;
}

/** The money of a run that many workers spend. Without the database, nobody does. */
export interface SharedAccount {
  /** Aborted where nothing more may be spent; its reason is a `budget-spent`, or a `limit-unkept` where the budget can't be kept. */
  readonly closed: AbortSignal;
  /** Rejects with the reason of `closed`, or of `signal`. */
  reserve(signal: AbortSignal): Promise<Settle>;
  spend(costUsd: number): void;
  /** Tells the database what is still to be told. */
  close(): Promise<void>;
}

const costBudgetName = (run: string): string => `cost ${run}`;

export function sharedAccount({
  database,
  run,
  maxCostUsd = Number.POSITIVE_INFINITY,
  spentUsd = 0,
  leaseMs: lease = leaseMs,
}: Options): SharedAccount {
  const closing = new AbortController();
  const limit = money(maxCostUsd);
  const reasons: Record<NonNullable<CostState['closed']>, () => ProctorError> = {
    spent: () => new ProctorError('budget-spent', `the run’s budget of ${limit} is spent`),
    'unknown-cost': () =>
      new ProctorError('limit-unkept', `what a request cost is not known, so that ${limit} can’t be kept`),
  };
  const name = costBudgetName(run);
  const budget = costBudget(maxCostUsd, spentUsd);
  const holderId = randomUUID();
  const holder = openHolder<CostState>({
    ...{ run, leaseMs: lease },
    exchange: (batch) => exchange(database, { name, budget, holder: holderId, leaseMs: lease }, batch),
    onAnswer: ({ state }) => {
      if (state.closed) closing.abort(reasons[state.closed]());
    },
  });
  return {
    closed: closing.signal,
    spend: holder.spend,
    close: holder.close,
    reserve: async (signal) => {
      closing.signal.throwIfAborted();
      return holder.ask(0, AbortSignal.any([signal, closing.signal]));
    },
  };
}
