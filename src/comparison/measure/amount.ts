import type { MeasureKind } from './measure.ts';

const amount = { better: 'less', over: 'completed-by-both' } as const;

const calls: MeasureKind = {
  ...amount,
  id: 'calls',
  unit: 'count',
  of: ({ efficiency }) => efficiency.calls,
};

const tokens: MeasureKind = {
  ...amount,
  id: 'tokens',
  unit: 'tokens',
  of: ({ efficiency: { tokens: used, untold = 0 } }) =>
    untold > 0 ? { unscored: 'its model did not say how many' } : used.input + used.output,
};

const cost: MeasureKind = { ...amount, id: 'cost', unit: 'usd', of: ({ efficiency }) => efficiency.costUsd };

const time: MeasureKind = {
  ...amount,
  id: 'time',
  unit: 'ms',
  of: ({ efficiency: { modelMs, toolMs, overheadMs } }) => modelMs + toolMs + overheadMs,
};

/** What completing a task takes. */
export const amounts: readonly MeasureKind[] = [calls, tokens, cost, time];
