import { submitTool } from '../schema/builtin-tool.ts';
import type { DecidedCall } from '../schema/decision.ts';
import type { ToolResult } from '../tool/toolbox.ts';
import { judgeCall, paced, recordCall, recordResult } from './call-record.ts';
import { clockOf, currentStep, type LiveTrial, toolboxOf } from './live-trial.ts';
import { recordAttempts } from './network.ts';
import { perform } from './perform.ts';
import type { Acted } from './trial-machine.ts';

/** Seconds one call may take where the task says nothing. */
const defaultCallSeconds = 120;

/** Judges and makes the calls of the current decision one by one, once the step before is closed. Nothing runs after `submit` or a stop. */
export async function act(live: LiveTrial, signal: AbortSignal): Promise<Acted> {
  const { recorder } = live.parts;
  await clockOf(live).aside(live.barrier.observed);
  const { calls } = recorder.steps.at(-1)?.decision ?? { calls: [] };
  const { session } = live;
  if (session?.perform) return perform(live, session.perform.bind(session), calls, signal);
  for (const call of calls) {
    signal.throwIfAborted();
    const acted = await actOn(call, live, signal);
    if (acted) return acted;
  }
  recorder.sync();
  return null;
}

async function actOn(call: DecidedCall, live: LiveTrial, signal: AbortSignal): Promise<Acted> {
  const refused = judgeCall(call, live);
  if (refused) return refused.verdict === 'stop' ? 'stopped-by-policy' : null;
  const result = await make(call, live, signal);
  recordResult(call, result, live);
  return call.tool === submitTool && !result.isError ? 'submitted' : null;
}

async function make(call: DecidedCall, live: LiveTrial, signal: AbortSignal): Promise<ToolResult> {
  await recordAttempts(live, currentStep(live) - (call.callId.endsWith('.0') ? 1 : 0));
  await paced(call.callId, live, signal);
  recordCall(call, live);
  const seconds = live.plan.limits.call_seconds ?? defaultCallSeconds;
  try {
    const { exact } = call;
    const limits = { signal, timeoutMs: seconds * 1000, waiting: () => clockOf(live).stop() };
    return await toolboxOf(live).call(call.tool, call.arguments, {
      ...limits,
      ...(exact !== undefined && { exact }),
    });
  } finally {
    await recordAttempts(live, currentStep(live), call.callId);
  }
}
