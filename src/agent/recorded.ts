import { ProctorError } from '../errors.ts';
import type { Outcome } from '../schema/outcome.ts';
import type { Step, Trial } from '../schema/trial.ts';
import type { BodyReader } from '../trace/body-store.ts';
import { resolveDecision } from '../trace/stored-decision.ts';
import type { Agent, AgentDecision, AgentSession } from './agent.ts';

/** A recorded trial, folded, and what lies beside its log. */
export interface RecordedTrial {
  trial: Trial;
  bodies: BodyReader;
}

/** Gives a recorded decision as it has to be made in the trial that repeats it, in which so many steps are over. */
export type Adapt = (decision: AgentDecision, steps: number) => AgentDecision;

/** Decides what a recorded trial decided, and ends as its agent did. */
export function recordedAgent(record: RecordedTrial, adapt?: Adapt): Agent {
  const { trial: id, agent } = record.trial.started;
  return {
    id: `replay:${id}`,
    ...(agent.model !== undefined && { model: agent.model }),
    seesSolution: sawSolution(record),
    open: async () => recordedSession(record, { adapt }),
  };
}

/** Whether the task's solution lay in the sandbox of a recorded trial: its agent was `oracle`, perhaps in a wrapper. */
export function sawSolution({ trial }: RecordedTrial): boolean {
  const { id } = trial.started.agent;
  const parts = /^(retry|vote|escalate)\(/.test(id) ? id.split(/[(),]/).map((part) => part.trim()) : [id];
  return parts.includes('oracle');
}

/** Outcomes that can come between the calls of one decision. */
const cutting: ReadonlySet<Outcome | undefined> = new Set([
  'timed-out',
  'out-of-budget',
  'aborted',
  'infrastructure-error',
  'diverged',
  undefined,
]);

/** Whether the trial was cut off in the step, before all of its calls returned. */
export function isCutOff({ trial }: RecordedTrial, step: Step): boolean {
  const last = step === trial.steps.at(-1) && !step.finished;
  return last && cutting.has(trial.outcome) && step.calls.some(({ returned }) => returned === undefined);
}

/** With `whole`, the calls that a step was cut off before are repeated too. */
export function recordedSession(
  record: RecordedTrial,
  { whole = false, adapt = (decision) => decision }: { whole?: boolean; adapt?: Adapt | undefined } = {},
): AgentSession {
  return {
    decide: async (view) => {
      const step = record.trial.steps[view.steps.length];
      if (step === undefined) throw endOf(record.trial);
      return adapt(decisionOf(record, step, whole), view.steps.length);
    },
    close: async () => {},
  };
}

function decisionOf(record: RecordedTrial, step: Step, whole: boolean): AgentDecision {
  const { calls, ...decision } = resolveDecision(step.decision, record.bodies);
  const cut = !whole && isCutOff(record, step);
  const returned = new Set(step.calls.filter((call) => call.returned).map(({ callId }) => callId));
  return {
    ...decision,
    calls: calls.filter(({ callId }) => !cut || returned.has(callId)).map(({ callId: _, ...call }) => call),
  };
}

function endOf({ outcome, ended }: Trial): Error {
  const message = ended?.error?.message ?? 'the record ends here';
  if (outcome === 'agent-crashed') return new Error(message);
  if (outcome === 'out-of-context') return new ProctorError('context-overflow', message);
  return new ProctorError('interrupted', 'the record ends here');
}
