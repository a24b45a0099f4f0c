import type { Judge } from '../../policy/judge.ts';
import type { Finding, FindingStatus } from '../../schema/finding.ts';
import type { NetworkAttempt } from '../../schema/network.ts';
import type { Step } from '../../schema/trial.ts';
import type { ResolvedCall, ResolvedTrial } from '../trial/resolved-trial.ts';
import type { Scorer } from '../trial/scorer.ts';
import { toldBefore } from '../trial/told.ts';
import { findingOf, onePerRule } from './finding-of.ts';

/** Findings on what left the sandbox or tried to: one per call and rule, or per step where no call was under way. */
export function attemptScorer(judge: Judge): Scorer<Finding[]> {
  return {
    name: 'attempts',
    score(resolved) {
      const unscored = new Set<string>();
      const part = sendingsOf(resolved).flatMap(({ step, call, events }) => {
        const { matched, failed } = judge.attempts(
          events.map(({ attempt }) => attempt),
          toldBefore(resolved, step.index),
        );
        for (const { rule, reason } of failed) unscored.add(`rule ${rule}: ${reason}`);
        const findings = matched.map((match) =>
          findingOf(match, statusOfAttempt(match.attempt), 'network', step.index, call),
        );
        return onePerRule(findings);
      });
      return { part, unscored: [...unscored] };
    },
  };
}

/** What was sent while one call was under way, or between the calls of a step. */
export interface Sending {
  step: Step;
  call?: ResolvedCall;
  events: Step['attempts'];
}

export function sendingsOf({ trial, calls }: ResolvedTrial): Sending[] {
  return trial.steps.flatMap((step) => {
    const ids = new Set(step.attempts.map(({ callId }) => callId));
    return [...ids].map((id): Sending => {
      const call = calls.find((one) => one.call.callId === id);
      return { step, ...(call && { call }), events: step.attempts.filter(({ callId }) => callId === id) };
    });
  });
}

/** What the gateway saw being sent is confirmed, unless it refused it. */
export function statusOfAttempt({ verdict }: NetworkAttempt): FindingStatus {
  return verdict === 'refused' ? 'blocked' : 'confirmed';
}
