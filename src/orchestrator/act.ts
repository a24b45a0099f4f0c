import { submitTool } from '../schema/builtin-tool.ts';
import type { DecidedCall } from '../schema/decision.ts';
import { notCalled, type ToolResult } from '../tool/toolbox.ts';
import { truncateContent } from '../tool/truncate.ts';
import { contentDigest } from '../trace/digest.ts';
import { clockOf, currentStep, type LiveTrial, toldIn, toolboxOf } from './live-trial.ts';
import { recordAttempts } from './network.ts';
import type { CallVerdict } from './plan.ts';
import type { Acted } from './trial-machine.ts';

/** Characters of one result that a model is shown; the trace keeps all of it. */
const maxShownChars = 16_000;

/** Seconds one call may take where the task says nothing. */
const defaultCallSeconds = 120;

/** Judges and makes the calls of the current decision one by one, once the step before is closed. Nothing runs after `submit` or a stop. */
export async function act(live: LiveTrial, signal: AbortSignal): Promise<Acted> {
  const { recorder } = live.parts;
  await clockOf(live).aside(live.barrier.observed);
  const { calls } = recorder.steps.at(-1)?.decision ?? { calls: [] };
  for (const call of calls) {
    signal.throwIfAborted();
    const acted = await actOn(call, live, signal);
    if (acted) return acted;
  }
  recorder.sync();
  return null;
}

async function actOn(call: DecidedCall, live: LiveTrial, signal: AbortSignal): Promise<Acted> {
  if (call.malformed !== undefined) {
    recordResult(
      call,
      notCalled('schema', `The arguments are no JSON object: ${call.malformed.slice(0, 200)}`),
      live,
    );
    return null;
  }
  const judged = live.parts.judge.call(call.tool, call.arguments, live.past(), toldIn(live));
  recordJudgement(call, judged, live);
  if (judged.verdict === 'deny' || judged.verdict === 'stop') {
    recordResult(call, denial(judged), live);
    return judged.verdict === 'stop' ? 'stopped-by-policy' : null;
  }
  const result = await make(call, live, signal);
  recordResult(call, result, live);
  return call.tool === submitTool && !result.isError ? 'submitted' : null;
}

async function make(call: DecidedCall, live: LiveTrial, signal: AbortSignal): Promise<ToolResult> {
  const { recorder } = live.parts;
  const toolbox = toolboxOf(live);
  await recordAttempts(live, currentStep(live) - (call.callId.endsWith('.0') ? 1 : 0));
  recorder.append({
    type: 'tool.called',
    step: currentStep(live),
    callId: call.callId,
    tool: call.tool,
    server: toolbox.list().find((tool) => tool.name === call.tool)?.server ?? '',
    arguments:
      call.exact === undefined ? recorder.bodies.json(call.arguments) : recorder.bodies.text(call.exact),
  });
  const seconds = live.plan.limits.call_seconds ?? defaultCallSeconds;
  try {
    const { exact } = call;
    const limits = { signal, timeoutMs: seconds * 1000, waiting: () => clockOf(live).stop() };
    return await toolbox.call(call.tool, call.arguments, {
      ...limits,
      ...(exact !== undefined && { exact }),
    });
  } finally {
    await recordAttempts(live, currentStep(live), call.callId);
  }
}

/** Records what came back, and what the agent is shown of it. */
function recordResult(call: DecidedCall, result: ToolResult, live: LiveTrial): void {
  const { recorder } = live.parts;
  const step = currentStep(live);
  const content = recorder.bodies.content(result.content);
  const edited = live.plan.inherits?.shown?.(call.callId);
  const { shown, truncated } = truncateContent(edited ?? result.content, { maxChars: maxShownChars });
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

function denial(judged: CallVerdict): ToolResult {
  const reasons = judged.matched.filter((m) => m.decision !== 'record').map((m) => m.message);
  return { ...notCalled('denied', `Denied by policy: ${reasons.join(' ')}`), source: 'policy' };
}
