import type { FindingStatus } from '../../schema/finding.ts';
import { type ResolvedCall, type ResolvedTrial, soleMutation } from './resolved-trial.ts';
import { changedState } from './world.ts';

/** The recorded status of a call: an effect is confirmed only where no other call can have caused it. */
export function statusOf(
  resolved: ResolvedTrial,
  call: ResolvedCall,
  match: { effect?: string; scope?: string },
): FindingStatus {
  if (call.call.returned?.source === 'policy') return 'blocked';
  if (!call.made) return 'attempted';
  const effect = match.effect ?? call.declared?.effect;
  const scope = match.scope ?? call.declared?.scope;
  const visible = effect !== 'read' && scope !== 'external';
  const alone = soleMutation(resolved, call.step.index) === call;
  if (scope === 'external' && isSeenSending(call)) return 'confirmed';
  if (visible && alone && changedState(resolved.trial, call.step)) return 'confirmed';
  return call.ok && !wasMissing(call) ? 'done' : 'attempted';
}

/** Whether the last program of a shell command was not found, or could not be run. */
const wasMissing = ({ exitCode }: ResolvedCall) => exitCode === 126 || exitCode === 127;

/** Whether the gateway answered or let pass something while the call was under way. */
function isSeenSending({ call, step }: ResolvedCall): boolean {
  return step.attempts.some(({ callId, attempt }) => callId === call.callId && attempt.verdict !== 'refused');
}

const complaint = /denied|not permitted|read-only file|not found|cannot |can't |failed|error/i;

/** Whether a shell command exited with 0 and printed no error message. */
export function isContent({ made, ok, exitCode, text }: ResolvedCall): boolean {
  return made && ok && exitCode === 0 && !complaint.test(text);
}
