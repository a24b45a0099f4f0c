import type { AgentDecision } from '../agent/agent.ts';
import type { Decision } from '../schema/decision.ts';
import type { Limits } from '../schema/limits.ts';
import type { View } from '../schema/view.ts';
import type { LiveTrial } from './live-trial.ts';
import { toolboxOf } from './live-trial.ts';
import type { Recorder } from './plan.ts';
import { recordTools } from './provision.ts';
import type { Decided } from './trial-machine.ts';

/** Decisions without a call that are answered with a reminder before the agent counts as having given up. */
const patience = 1;

/** Asks the agent for its next decision and records it. */
export async function decide(live: LiveTrial, signal: AbortSignal): Promise<Decided> {
  const { recorder } = live.parts;
  if (!live.session) throw new Error('the agent is not open');
  const step = live.steps.length;
  recordTools(live, step);
  const begun = performance.now();
  live.firstAskedMs ??= begun;
  const agentDecision = await live.session.decide(viewOf(live), {
    signal,
    asked: (request, appended) =>
      void recorder.append({ type: 'agent.asked', step, request: recorder.bodies.json(request), appended }),
  });
  signal.throwIfAborted();
  const decision = numbered(agentDecision, step);
  record(decision, step, performance.now() - begun, recorder);
  live.steps.push({ decision, observations: [] });
  live.deciding = decision.calls;
  live.unobserved = true;
  return spend(live, decision);
}

function spend(live: LiveTrial, decision: Decision): Decided {
  live.idle = decision.calls.length > 0 ? 0 : live.idle + 1;
  const gaveUp =
    decision.calls.length === 0 &&
    (decision.stop === 'done' || decision.stop === 'refused' || live.idle > patience);
  const { inherits } = live.plan;
  const free = inherits !== undefined && !inherits.counts && live.steps.length <= inherits.steps;
  return { gaveUp, ...(free ? { tokens: 0, costUsd: 0 } : account(live, decision)) };
}

/** Adds a decision to what the trial has used. */
function account(live: LiveTrial, { usage, ...decision }: Decision): Pick<Decided, 'tokens' | 'costUsd'> {
  live.usage = {
    input: live.usage.input + (usage?.input ?? 0),
    output: live.usage.output + (usage?.output ?? 0),
    ...sum('cached', live.usage.cached, usage?.cached),
    ...sum('reasoning', live.usage.reasoning, usage?.reasoning),
  };
  const costUsd = decision.costUsd ?? 0;
  live.costUsd += costUsd;
  live.priced ||= decision.costUsd !== undefined;
  live.parts.spend(costUsd);
  return { tokens: (usage?.input ?? 0) + (usage?.output ?? 0), costUsd };
}

const sum = <K extends string>(key: K, a: number | undefined, b: number | undefined) =>
  a === undefined && b === undefined ? {} : { [key]: (a ?? 0) + (b ?? 0) };

function numbered(decision: AgentDecision, step: number): Decision {
  return {
    ...decision,
    calls: decision.calls.map((call, index) => ({ ...call, callId: `${step}.${index}` })),
  };
}

function record(decision: Decision, step: number, durationMs: number, { append, bodies }: Recorder): void {
  const { text, reasoning, native, calls, ...rest } = decision;
  append({
    type: 'agent.decided',
    step,
    decision: {
      ...rest,
      ...(text !== undefined && { text: bodies.text(text) }),
      ...(reasoning !== undefined && { reasoning: bodies.text(reasoning) }),
      ...(native !== undefined && { native: bodies.json(native) }),
      calls: calls.map((call) => ({ ...call, arguments: bodies.json(call.arguments) })),
    },
    durationMs,
  });
}

function viewOf(live: LiveTrial): View {
  const { task, environment, limits } = live.plan;
  return {
    task: task.name,
    ...(environment.guidance !== undefined && { guidance: environment.guidance }),
    instruction: task.instruction,
    tools: toolboxOf(live)
      .list()
      .map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    steps: live.steps,
    remaining: remaining(live, limits),
  };
}

function remaining(live: LiveTrial, limits: Limits): View['remaining'] {
  const elapsed = live.firstAskedMs === undefined ? 0 : (performance.now() - live.firstAskedMs) / 1000;
  return {
    ...(limits.steps !== undefined && { steps: limits.steps - live.steps.length }),
    ...(limits.tokens !== undefined && { tokens: limits.tokens - live.usage.input - live.usage.output }),
    ...(limits.cost_usd !== undefined && { costUsd: limits.cost_usd - live.costUsd }),
    ...(limits.seconds !== undefined && { seconds: Math.max(0, limits.seconds - elapsed) }),
  };
}
