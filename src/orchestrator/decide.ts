import type { AgentDecision } from '../agent/agent.ts';
import type { Decision } from '../schema/decision.ts';
import type { Limits } from '../schema/limits.ts';
import type { View } from '../schema/view.ts';
import type { Recorder } from './plan.ts';
import { recordTools } from './provision.ts';
import type { Room } from './room.ts';
import { toolboxOf } from './room.ts';
import type { Decided } from './trial-machine.ts';

/** Decisions without a call that are answered with a reminder before the agent counts as having given up. */
const patience = 1;

/** Asks the agent for its next decision and records it. */
export async function decide(room: Room, signal: AbortSignal): Promise<Decided> {
  const { recorder } = room.parts;
  if (!room.session) throw new Error('the agent is not open');
  const step = room.steps.length;
  recordTools(room, step);
  const begun = performance.now();
  room.firstAskedMs ??= begun;
  const agentDecision = await room.session.decide(viewOf(room), {
    signal,
    asked: (request, appended) =>
      void recorder.append({ type: 'agent.asked', step, request: recorder.bodies.json(request), appended }),
  });
  signal.throwIfAborted();
  const decision = numbered(agentDecision, step);
  record(decision, step, performance.now() - begun, recorder);
  room.steps.push({ decision, observations: [] });
  room.deciding = decision.calls;
  room.unobserved = true;
  return spend(room, decision);
}

function spend(room: Room, decision: Decision): Decided {
  room.idle = decision.calls.length > 0 ? 0 : room.idle + 1;
  const gaveUp =
    decision.calls.length === 0 &&
    (decision.stop === 'done' || decision.stop === 'refused' || room.idle > patience);
  const { inherits } = room.plan;
  const free = inherits !== undefined && !inherits.counts && room.steps.length <= inherits.steps;
  return { gaveUp, ...(free ? { tokens: 0, costUsd: 0 } : account(room, decision)) };
}

/** Adds a decision to what the trial has used. */
function account(room: Room, { usage, ...decision }: Decision): Pick<Decided, 'tokens' | 'costUsd'> {
  room.usage = {
    input: room.usage.input + (usage?.input ?? 0),
    output: room.usage.output + (usage?.output ?? 0),
    ...sum('cached', room.usage.cached, usage?.cached),
    ...sum('reasoning', room.usage.reasoning, usage?.reasoning),
  };
  const costUsd = decision.costUsd ?? 0;
  room.costUsd += costUsd;
  room.priced ||= decision.costUsd !== undefined;
  room.parts.spend(costUsd);
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

function viewOf(room: Room): View {
  const { task, environment, limits } = room.plan;
  return {
    task: task.name,
    ...(environment.guidance !== undefined && { guidance: environment.guidance }),
    instruction: task.instruction,
    tools: toolboxOf(room)
      .list()
      .map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    steps: room.steps,
    remaining: remaining(room, limits),
  };
}

function remaining(room: Room, limits: Limits): View['remaining'] {
  const elapsed = room.firstAskedMs === undefined ? 0 : (performance.now() - room.firstAskedMs) / 1000;
  return {
    ...(limits.steps !== undefined && { steps: limits.steps - room.steps.length }),
    ...(limits.tokens !== undefined && { tokens: limits.tokens - room.usage.input - room.usage.output }),
    ...(limits.cost_usd !== undefined && { costUsd: limits.cost_usd - room.costUsd }),
    ...(limits.seconds !== undefined && { seconds: Math.max(0, limits.seconds - elapsed) }),
  };
}
