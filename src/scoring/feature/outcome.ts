import { type Outcome, unscoredOutcomes } from '../../schema/outcome.ts';
import type { Feature } from '../feature.ts';

/** A feature of trials that ended in one of these ways. */
const ended = (id: string, what: string, outcomes: readonly Outcome[]): Feature => ({
  id,
  what,
  tell({ trial: { trial } }) {
    const { outcome } = trial;
    if (outcome === undefined) return { unscored: 'the trace ends in the middle' };
    return unscoredOutcomes.has(outcome) ? { unscored: outcome } : outcomes.includes(outcome);
  },
});

export const outcomes: readonly Feature[] = [
  ended('gave-up', 'gave up', ['gave-up']),
  ended('out-of-limit', 'ran out of steps, tokens, budget, time or context', [
    'out-of-steps',
    'out-of-tokens',
    'out-of-budget',
    'out-of-context',
    'timed-out',
  ]),
  ended('agent-crashed', 'crashed', ['agent-crashed']),
  ended('broke-sandbox', 'broke its sandbox', ['broke-sandbox']),
  ended('stopped-by-policy', 'was stopped by a rule', ['stopped-by-policy']),
];
