import { describe, expect, it } from 'vitest';
import { openAccount, requirePrices } from '../../src/orchestrator/account.ts';
import { signal } from './live.ts';

describe('the account of a run', () => {
  it('pays for everything where no budget is set, also for what it is not told the cost of', async () => {
    const account = openAccount({ spentUsd: 1e9 });
    (await account.reserve(signal))(undefined);
    expect(account.closed.aborted).toBe(false);
  });

  it('is closed with the reason when its budget is spent, and from the start where it was spent before', async () => {
    const account = openAccount({ maxCostUsd: 3, spentUsd: 2 });
    (await account.reserve(signal))(1.5);
    expect(account.closed.reason).toMatchObject({
      code: 'budget-spent',
      message: 'the run’s budget of $3.00 is spent',
    });
    await expect(account.reserve(signal)).rejects.toBe(account.closed.reason);
    expect(openAccount({ maxCostUsd: 3, spentUsd: 3 }).closed.aborted).toBe(true);
  });

  it('has a request wait while what is left is set aside for others, and then pays for it or not', async () => {
    for (const [second, third] of [
      [0.1, 'paid'],
      [1, 'refused'],
    ] as const) {
      const account = openAccount({ maxCostUsd: 2 });
      (await account.reserve(signal))(1);
      const settle = await account.reserve(signal);
      const waiting = account.reserve(signal).then(
        () => 'paid',
        () => 'refused',
      );
      expect(await Promise.race([waiting, Promise.resolve('waits')])).toBe('waits');
      settle(second);
      expect(await waiting).toBe(third);
    }
  });

  it('stops waiting when the trial is stopped', async () => {
    const account = openAccount({ maxCostUsd: 2 });
    (await account.reserve(signal))(1);
    await account.reserve(signal);
    const stop = new AbortController();
    const waiting = account.reserve(stop.signal);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
  });

  it('can’t keep a budget where a request does not say what it cost', async () => {
    const account = openAccount({ maxCostUsd: 2 });
    (await account.reserve(signal))(undefined);
    expect(account.closed.reason).toMatchObject({ code: 'limit-unkept' });
  });

  it('refuses a limit on the cost of a model of which no price is known', () => {
    const open = () => Promise.reject(new Error('not opened'));
    expect(() => requirePrices([{ id: 'a', open }], 'it')).not.toThrow();
    expect(() => requirePrices([{ id: 'openai:m', unpriced: 'm', open }], 'the budget')).toThrow(
      'the budget can’t be kept for openai:m: no price of m is known; expected --price in=…,out=… or --prices FILE',
    );
  });
});
