import type { AgentDecision } from '../agent/agent.ts';
import type { Decision } from '../schema/decision.ts';
import type { View } from '../schema/view.ts';
import { storeDecision } from '../trace/stored-decision.ts';
import { idleDecisions, type LiveTrial, spentBy } from './live-trial.ts';
import { recordTools } from './provision.ts';
import type { Decided } from './trial-machine.ts';

/** Reminders that an agent which makes no call gets in a row; then it counts as having given up. */
const maxReminders = 1;

/** Asks the agent for its next decision and records it. */
export async function decide(live: LiveTrial, signal: AbortSignal): Promise<Decided> {
  const { recorder } = live.parts;
  if (!live.session) throw new Error('the agent is not open');
  const step = recorder.trial.steps.length;
  recordTools(live, step);
  const begun = performance.now();
  live.firstAskedMs ??= begun;
  const decision = await live.session.decide(recorder.view(remaining(live)), {
    signal,
    asked: (request, appended) =>
      void recorder.append({ type: 'agent.asked', step, request: recorder.bodies.json(request), appended }),
  });
  signal.throwIfAborted();
  recorder.append({
    type: 'agent.decided',
    step,
    decision: storeDecision(numbered(decision, step), recorder.bodies),
    durationMs: performance.now() - begun,
  });
  return { gaveUp: gaveUp(decision, live), ...spend(decision, live) };
}

function numbered(decision: AgentDecision, step: number): Decision {
  return {
    ...decision,
    calls: decision.calls.map((call, index) => ({ ...call, callId: `${step}.${index}` })),
  };
}

function gaveUp({ calls, stop }: AgentDecision, live: LiveTrial): boolean {
  if (calls.length > 0) return false;
  return stop === 'done' || stop === 'refused' || idleDecisions(live.parts.recorder.trial) > maxReminders;
}

/** What the decision counts against the limits. One that repeats another trial's is free, unless that trial is resumed. */
function spend(
  { usage, costUsd = 0 }: AgentDecision,
  { plan, parts }: LiveTrial,
): Pick<Decided, 'tokens' | 'costUsd'> {
  const { inherits } = plan;
  const isFree =
    inherits !== undefined && !inherits.counts && parts.recorder.trial.steps.length <= inherits.steps;
  if (isFree) return { tokens: 0, costUsd: 0 };
  parts.spend(costUsd);
  return { tokens: (usage?.input ?? 0) + (usage?.output ?? 0), costUsd };
}

function remaining(live: LiveTrial): View['remaining'] {
  const { limits } = live.plan;
  const seconds = live.plan.phaseSeconds[live.parts.recorder.trial.phase];
  const { usage, costUsd = 0 } = spentBy(live);
  const elapsed = live.firstAskedMs === undefined ? 0 : (performance.now() - live.firstAskedMs) / 1000;
  return {
    ...(limits.steps !== undefined && { steps: limits.steps - live.parts.recorder.trial.steps.length }),
    ...(limits.tokens !== undefined && { tokens: limits.tokens - usage.input - usage.output }),
    ...(limits.cost_usd !== undefined && { costUsd: limits.cost_usd - costUsd }),
    ...(seconds !== undefined && { seconds: Math.max(0, seconds - elapsed) }),
  };
}
