import type { DecidedCall } from '../schema/decision.ts';
import { notCalled, type ToolResult } from '../tool/toolbox.ts';
import { truncateContent } from '../tool/truncate.ts';
import { contentDigest } from '../trace/digest.ts';
import { clockOf, currentStep, type LiveTrial, toldIn, toolboxOf } from './live-trial.ts';
import type { CallVerdict } from './plan.ts';

/** Characters of one result that a model is shown; the trace keeps all of it. */
const maxShownChars = 16_000;

/** Why a call may not be made. */
export interface Refused {
  /** Absent where it was not judged, as its arguments can't be read. */
  verdict?: 'deny' | 'stop';
  reason: string;
}

/** Has policy judge a call and records what it says; gives why it may not be made, which is recorded as its result too. */
export function judgeCall(call: DecidedCall, live: LiveTrial): Refused | undefined {
  if (call.malformed !== undefined) {
    const reason = `The arguments are no JSON object: ${call.malformed.slice(0, 200)}`;
    recordResult(call, notCalled('schema', reason), live);
    return { reason };
  }
  const judged = live.parts.judge.call(call.tool, call.arguments, live.past(), toldIn(live));
  recordJudgement(call, judged, live);
  const { verdict } = judged;
  if (verdict !== 'deny' && verdict !== 'stop') return undefined;
  const reason = denialOf(judged);
  recordResult(call, { ...notCalled('denied', reason), source: 'policy' }, live);
  return { verdict, reason };
}

/** Waits where a repeated call has to be later than it would come; the agent's time stands still. */
export async function paced(callId: string, live: LiveTrial, signal: AbortSignal): Promise<void> {
  const wait = live.plan.inherits?.paced?.(callId, signal);
  if (wait) await clockOf(live).aside(wait);
}

/** Records that a call is about to be made. */
export function recordCall(call: DecidedCall, live: LiveTrial): void {
  const { recorder } = live.parts;
  const tools = live.session?.tools ? recorder.trial.tools : toolboxOf(live).list();
  recorder.append({
    type: 'tool.called',
    step: currentStep(live),
    callId: call.callId,
    tool: call.tool,
    server: tools.find(({ name }) => name === call.tool)?.server ?? '',
    arguments:
      call.exact === undefined ? recorder.bodies.json(call.arguments) : recorder.bodies.text(call.exact),
  });
}

const stepOfCall = ({ callId }: Pick<DecidedCall, 'callId'>) => Number(callId.split('.')[0]);

/** Records what came back, and what the agent is shown of it. */
export function recordResult(call: Pick<DecidedCall, 'callId'>, result: ToolResult, live: LiveTrial): void {
  const { recorder } = live.parts;
  const step = stepOfCall(call);
  const content = recorder.bodies.content(result.content);
  const edited = live.plan.inherits?.shown?.(call.callId);
  const whole = edited ?? result.content;
  const { shown, truncated } =
    result.source === 'agent'
      ? { shown: whole, truncated: false }
      : truncateContent(whole, { maxChars: maxShownChars });
  recorder.append({
    type: 'tool.returned',
    step,
    callId: call.callId,
    source: result.source,
    isError: result.isError,
    ...(result.errorClass && { errorClass: result.errorClass }),
    content,
    ...(result.structured && { structured: recorder.bodies.json(result.structured) }),
    digest: contentDigest(content),
    ...((truncated || edited) && { shown: recorder.bodies.content(shown) }),
    truncated,
    captureCut: result.captureCut,
    durationMs: result.durationMs,
  });
}

function recordJudgement(call: DecidedCall, judged: CallVerdict, live: LiveTrial): void {
  live.parts.recorder.append({
    type: 'policy.judged',
    step: currentStep(live),
    callId: call.callId,
    verdict: judged.verdict,
    matched: judged.matched.map(({ rule, decision, message, evidence }) => ({
      rule,
      decision,
      message,
      evidence,
    })),
    failed: judged.failed,
  });
}

function denialOf({ matched }: CallVerdict): string {
  const reasons = matched.filter(({ decision }) => decision !== 'record').map(({ message }) => message);
  return `Denied by policy: ${reasons.join(' ')}`;
}
