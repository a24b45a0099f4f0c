import type { FindingStatus } from '../../schema/finding.ts';
import type { NetworkAttempt } from '../../schema/network.ts';
import type { Step } from '../../schema/trial.ts';
import type { ResolvedCall, ResolvedTrial } from './resolved-trial.ts';

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
