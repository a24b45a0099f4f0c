import { EventEmitter, once } from 'node:events';
import type { Agent } from '../agent/agent.ts';
import { ProctorError } from '../errors.ts';
import { money } from '../format.ts';

/** Takes what a request cost in US dollars; undefined where that is not known. */
type Settle = (costUsd: number | undefined) => void;

/** The money of a run. */
export interface Account {
  /** Aborted where nothing more may be spent; its reason is a `budget-spent`, or a `limit-unkept` where the budget can't be kept. */
  readonly closed: AbortSignal;
  /**
   * Sets aside for a request what the dearest one so far cost. Waits while all that is left is set aside for others. Rejects with the
   * reason of `closed`, or of `signal`.
   */
  reserve(signal: AbortSignal): Promise<Settle>;
  /** Takes what was spent without being set aside. */
  spend(costUsd: number): void;
}

/** @param options.spentUsd what the run has cost already; without `maxCostUsd` everything can be paid for */
export function openAccount({
  maxCostUsd = Number.POSITIVE_INFINITY,
  spentUsd = 0,
}: {
  maxCostUsd?: number | undefined;
  spentUsd?: number | undefined;
}): Account {
  const closing = new AbortController();
  const changed = new EventEmitter().setMaxListeners(0);
  const shares = new Set<{ costUsd: number }>();
  let spent = 0;
  let dearest = 0;
  const reserved = () => [...shares].reduce((sum, { costUsd }) => sum + costUsd, 0);
  const close = (code: 'budget-spent' | 'limit-unkept', message: string) =>
    closing.abort(new ProctorError(code, message));
  const spend = (costUsd: number) => {
    spent += costUsd;
    if (spent >= maxCostUsd) close('budget-spent', `the run’s budget of ${money(maxCostUsd)} is spent`);
  };
  spend(spentUsd);

  return {
    closed: closing.signal,
    spend,
    async reserve(signal) {
      closing.signal.throwIfAborted();
      while (shares.size > 0 && spent + reserved() >= maxCostUsd) {
        await once(changed, 'settled', { signal: AbortSignal.any([signal, closing.signal]) }).catch(() => {});
        signal.throwIfAborted();
        closing.signal.throwIfAborted();
      }
      const share = { costUsd: dearest };
      shares.add(share);
      return (costUsd) => {
        shares.delete(share);
        if (costUsd === undefined) {
          if (Number.isFinite(maxCostUsd))
            close(
              'limit-unkept',
              `what a request cost is not known, so that ${money(maxCostUsd)} can’t be kept`,
            );
        } else {
          dearest = Math.max(dearest, costUsd);
          spend(costUsd);
        }
        changed.emit('settled');
      };
    },
  };
}

/** Throws `bad-flag` where a limit on cost is asked for, but an agent's model has no known price. */
export function requirePrices(agents: Iterable<Agent>, limit: string): void {
  for (const { id, unpriced } of agents)
    if (unpriced !== undefined)
      throw new ProctorError(
        'bad-flag',
        `${limit} can’t be kept for ${id}: no price of ${unpriced} is known; expected --price in=…,out=… or --prices FILE`,
      );
}
