import type { TraceEventOf } from '../schema/trace-event.ts';
import type { Call, Step, Trial } from '../schema/trial.ts';
import { stepAt } from './fold-step.ts';

type CallEvent = TraceEventOf<'policy.judged' | 'tool.called' | 'tool.returned'>;

/** Joins what was judged, made and returned to its call. A call that nobody decided is kept too where it was made. */
export function addCallEvent(trial: Trial, event: CallEvent): void {
  const step = stepAt(trial, event.step);
  if (step === undefined) return;
  const call = step.calls.find(({ callId }) => callId === event.callId) ?? undecided(step, event);
  if (call === undefined) return;
  if (event.type === 'policy.judged') call.judged = event;
  else if (event.type === 'tool.called') call.called = event;
  else call.returned = event;
}

function undecided(step: Step, event: CallEvent): Call | undefined {
  if (event.type !== 'tool.called') return undefined;
  const call: Call = { callId: event.callId, tool: event.tool, arguments: event.arguments };
  step.calls.push(call);
  return call;
}
