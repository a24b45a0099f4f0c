import { textOf } from '../schema/content.ts';
import type { DecidedCall } from '../schema/decision.ts';
import type { ToolResult } from '../tool/toolbox.ts';
import { notCalled, submitTool } from '../tool/toolbox.ts';
import { truncateContent } from '../tool/truncate.ts';
import { contentDigest } from '../trace/digest.ts';
import type { LiveTrial } from './live-trial.ts';
import { currentStep, toolboxOf } from './live-trial.ts';
import { recordAttempts } from './network.ts';
import type { CallVerdict } from './plan.ts';
import type { Acted } from './trial-machine.ts';

/** Characters of one result that a model is shown; the trace keeps all of it. */
const shownChars = 16_000;

/** Seconds one call may take where the task says nothing. */
const defaultCallSeconds = 120;

/** Judges and makes the calls of the current decision, in order, one by one, once the step before is closed; nothing runs after `submit` or a stop. */
export async function act(live: LiveTrial, signal: AbortSignal): Promise<Acted> {
  await live.observed;
  for (const call of live.deciding) {
    signal.throwIfAborted();
    const acted = await actOn(call, live, signal);
    if (acted) return acted;
  }
  live.parts.recorder.sync();
  return null;
}

async function actOn(call: DecidedCall, live: LiveTrial, signal: AbortSignal): Promise<Acted> {
  if (call.malformed !== undefined) {
    observe(
      call,
      notCalled('schema', `The arguments are no JSON object: ${call.malformed.slice(0, 200)}`),
      live,
    );
    return null;
  }
  const judged = live.parts.judge.call(call.tool, call.arguments, live.past);
  recordJudgement(call, judged, live);
  if (judged.verdict === 'deny' || judged.verdict === 'stop') {
    observe(call, denial(judged), live);
    return judged.verdict === 'stop' ? 'stopped-by-policy' : null;
  }
  const result = await make(call, live, signal);
  observe(call, result, live);
  if (call.tool !== submitTool || result.isError) return null;
  const { answer } = call.arguments;
  if (answer !== undefined && answer !== null)
    live.answer = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return 'submitted';
}

async function make(call: DecidedCall, live: LiveTrial, signal: AbortSignal): Promise<ToolResult> {
  const { recorder } = live.parts;
  const toolbox = toolboxOf(live);
  await recordAttempts(live, currentStep(live) - (live.deciding[0] === call ? 1 : 0));
  recorder.append({
    type: 'tool.called',
    step: currentStep(live),
    callId: call.callId,
    tool: call.tool,
    server: toolbox.list().find((tool) => tool.name === call.tool)?.server ?? '',
    arguments: recorder.bodies.json(call.arguments),
  });
  const seconds = live.plan.limits.call_seconds ?? defaultCallSeconds;
  try {
    return await toolbox.call(call.tool, call.arguments, { signal, timeoutMs: seconds * 1000 });
  } finally {
    await recordAttempts(live, currentStep(live), call.callId);
  }
}

/** Records what came back and puts it before the agent. */
function observe(call: DecidedCall, result: ToolResult, live: LiveTrial): void {
  const { recorder } = live.parts;
  const step = currentStep(live);
  const content = recorder.bodies.content(result.content);
  const edited = live.plan.inherits?.shown?.(call.callId);
  const { shown, truncated } = truncateContent(edited ?? result.content, { maxChars: shownChars });
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
  live.steps[step]?.observations.push({
    callId: call.callId,
    tool: call.tool,
    content: shown,
    isError: result.isError,
  });
  live.past.push({ tool: call.tool, args: call.arguments, ok: !result.isError, text: textOf(shown), step });
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
