import type { StoredDecision, TokenUsage } from '../schema/decision.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { Call, Spending, Step, Trial } from '../schema/trial.ts';

/** A step begins when its agent decided; one that was only asked is none yet. */
export function addDecision(
  trial: Trial,
  event: TraceEventOf<'agent.decided'>,
  before: { asked: TraceEventOf<'agent.asked'> | undefined; answered: TraceEventOf<'agent.answered'>[] },
): void {
  const asked = before.asked?.step === event.step ? before.asked : undefined;
  trial.steps.push({
    index: event.step,
    ...(asked === undefined ? {} : { asked }),
    ...(before.answered.length > 0 && { answered: before.answered }),
    decision: event.decision,
    thoughtMs: event.durationMs,
    calls: event.decision.calls.map(callOf),
    milestones: {},
    unanswered: [],
    attempts: [],
    spread: [],
    finished: false,
    inherited: event.inherited === true,
    startedAt: asked?.at ?? event.at,
  });
  for (const call of trial.steps.at(-2)?.calls ?? [])
    if (event.decision.unread?.includes(call.callId)) call.unread = true;
  const unseen = event.decision.unseen?.length ?? 0;
  if (unseen > 0) trial.unseenCalls = (trial.unseenCalls ?? 0) + unseen;
  addSpending(event.inherited === true ? trial.spent.inherited : trial.spent.own, event.decision);
}

function addSpending(sum: Spending, { usage, costUsd }: StoredDecision): void {
  if (usage !== undefined) sum.usage = addUsage(sum.usage, usage);
  if (costUsd !== undefined) sum.costUsd = (sum.costUsd ?? 0) + costUsd;
}

/** What two decisions took together. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  const sum: TokenUsage = { input: a.input + b.input, output: a.output + b.output };
  for (const key of ['cached', 'reasoning'] as const)
    if (a[key] !== undefined || b[key] !== undefined) sum[key] = (a[key] ?? 0) + (b[key] ?? 0);
  return sum;
}

/** Steps are numbered in order, and events belong to one of the last. */
export function stepAt(trial: Trial, index: number): Step | undefined {
  return trial.steps.findLast((step) => step.index === index);
}

function callOf(decided: StoredDecision['calls'][number]): Call {
  return {
    callId: decided.callId,
    tool: decided.tool,
    arguments: decided.arguments,
    ...(decided.malformed === undefined ? {} : { malformed: decided.malformed }),
  };
}

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
