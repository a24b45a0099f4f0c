import { several } from '../../format.ts';
import { isUnscored } from '../../schema/score.ts';
import type { SuiteState } from '../../schema/suite.ts';
import type { SuiteHealth } from '../../schema/suite-health.ts';
import type { SuiteAudit } from './audit-suite.ts';

/** The state of a suite's life that an audit and runs speak for, and why. `retired` is a decision, and never one of them. */
export function supportedState(
  { lines }: Pick<SuiteAudit, 'lines'>,
  health: SuiteHealth | undefined,
): { state: Exclude<SuiteState, 'retired'>; why: string } {
  const flaws = lines.filter(({ status }) => status === 'flaw').map(({ name }) => name);
  if (flaws.length > 0) return { state: 'draft', why: `the audit found flaws: ${flaws.join(', ')}` };
  if (!health) return { state: 'pilot', why: 'the audit found no flaw, and no run was looked at' };
  const { saturation, pairs, tasks } = health;
  if (!isUnscored(saturation) && ['high', 'very high'].includes(saturation.level))
    return { state: 'saturated', why: `its best agents are not apart (saturation ${saturation.level})` };
  const doubted = tasks.filter(({ flags }) =>
    flags.some(({ kind }) => ['mis-keyed', 'flaky'].includes(kind)),
  );
  if (doubted.length > 0)
    return {
      state: 'watch',
      why: `${several(doubted.length, 'task')} to be looked at: ${doubted.map(({ task }) => task).join(', ')}`,
    };
  if (isUnscored(pairs)) return { state: 'pilot', why: pairs.unscored };
  return pairs.separable > 0
    ? { state: 'active', why: `it tells ${pairs.separable} of ${several(pairs.of, 'pair')} of agents apart` }
    : { state: 'pilot', why: `it tells none of ${several(pairs.of, 'pair')} of agents apart` };
}
