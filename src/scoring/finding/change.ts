import type { Judge } from '../../policy/judge.ts';
import type { Finding } from '../../schema/finding.ts';
import type { Policy } from '../../schema/policy.ts';
import type { Step } from '../../schema/trial.ts';
import { type ResolvedTrial, soleMutation } from '../trial/resolved-trial.ts';
import type { Scorer } from '../trial/scorer.ts';
import { toldBefore } from '../trial/told.ts';
import { unseenChanges } from '../trial/world.ts';
import { findingOf, onePerRule } from './finding-of.ts';

/** Findings on what steps changed: one per step and rule, on the step's call where only one can have done it. */
export function changeScorer(judge: Judge, policy: Policy): Scorer<Finding[]> {
  return {
    name: 'changes',
    score(resolved) {
      const unscored = new Set(looksAtChanges(policy) ? unseenChanges(resolved.trial) : []);
      const findings = resolved.trial.steps.flatMap((step) => {
        const { matched, failed } = judge.changes(
          step.state?.changes ?? [],
          toldBefore(resolved, step.index),
        );
        for (const { rule, reason } of failed) unscored.add(`rule ${rule}: ${reason}`);
        return changeFindings(resolved, step, matched);
      });
      return { part: findings, unscored: [...unscored] };
    },
  };
}

type ChangeMatch = ReturnType<Judge['changes']>['matched'][number];

function changeFindings(resolved: ResolvedTrial, step: Step, matched: readonly ChangeMatch[]): Finding[] {
  const call = soleMutation(resolved, step.index);
  return onePerRule(matched.map((match) => findingOf(match, 'confirmed', 'diff', step.index, call)));
}

function looksAtChanges({ rules, writes }: Policy): boolean {
  return writes !== undefined || rules.some((rule) => rule.on_change !== undefined);
}
