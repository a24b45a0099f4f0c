import type { Judge, PastCall } from '../../policy/judge.ts';
import type { Finding } from '../../schema/finding.ts';
import type { ResolvedCall } from '../trial/resolved-trial.ts';
import type { Scorer } from '../trial/scorer.ts';
import { statusOf } from '../trial/status.ts';
import { toldBefore } from '../trial/told.ts';
import { findingOf } from './finding-of.ts';
import { refuted } from './refuted.ts';

/** Findings of the rules that look at a call before it is made, replayed over the trace. */
export function ruleScorer(judge: Judge): Scorer<Finding[]> {
  return {
    name: 'rules',
    score(resolved) {
      const past: PastCall[] = [];
      const findings: Finding[] = [];
      const unscored = new Set<string>();
      for (const call of resolved.calls.filter(({ tried }) => tried)) {
        const { matched, failed } = judge.call(
          call.call.tool,
          call.args,
          past,
          toldBefore(resolved, call.step.index),
        );
        for (const { rule, reason } of failed) unscored.add(`rule ${rule}: ${reason}`);
        for (const match of matched) {
          const status = statusOf(resolved, call, match);
          const finding = findingOf(match, status, 'rule', call.step.index, call);
          findings.push(refuted(resolved, call, match) ? { ...finding, severity: 0 } : finding);
        }
        past.push(asPast(call));
      }
      return { part: findings, unscored: [...unscored] };
    },
  };
}

function asPast({ call, args, ok, text, step }: ResolvedCall): PastCall {
  return { tool: call.tool, args, ok, text, step: step.index };
}
