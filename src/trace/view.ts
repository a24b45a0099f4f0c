import type { ListedTool } from '../schema/trace-event.ts';
import type { Call, Step, Trial } from '../schema/trial.ts';
import type { Observation, ToolDescription, View, ViewStep } from '../schema/view.ts';
import type { BodyReader } from './body-store.ts';
import { resolveDecision } from './stored-decision.ts';

/**
 * What the agent of a trial may see of it so far. Calls that did not return have no observation. What was resolved once is kept,
 * so that late steps of a growing trial cost no more than early ones.
 */
interface GrowingView {
  /** The steps so far. */
  steps(): ViewStep[];
  at(remaining: View['remaining']): View;
}

/** `trialNow` gives the trial as it was folded so far. */
export function createView(trialNow: () => Trial, bodies: BodyReader): GrowingView {
  const steps: ViewStep[] = [];
  /** How many steps can't change any more: they are finished, and a later one has begun. */
  let settled = 0;
  let task: Pick<View, 'task' | 'guidance' | 'instruction'> | undefined;
  let listed: ListedTool[] | undefined;
  let tools: ToolDescription[] = [];

  function caughtUp({ steps: folded }: Trial): ViewStep[] {
    for (let index = settled; index < folded.length; index += 1) {
      const step = folded[index];
      if (step !== undefined)
        steps[index] = caughtUpStep(steps[index] ?? begunStep(step, bodies), step, bodies);
    }
    while (settled < folded.length - 1 && folded[settled]?.finished) settled += 1;
    return steps;
  }

  return {
    steps: () => caughtUp(trialNow()),
    at(remaining) {
      const trial = trialNow();
      task ??= taskOf(trial, bodies);
      if (listed !== trial.tools) tools = trial.tools.map(described);
      listed = trial.tools;
      return { ...task, tools, steps: caughtUp(trial), remaining };
    },
  };
}

function taskOf({ started }: Trial, bodies: BodyReader): Pick<View, 'task' | 'guidance' | 'instruction'> {
  const { name, guidance, instruction } = started.task;
  return {
    task: name,
    ...(guidance === undefined ? {} : { guidance: bodies.text(guidance) }),
    instruction: bodies.text(instruction),
  };
}

function described({ name, description, inputSchema }: ListedTool): ToolDescription {
  return { name, description, inputSchema };
}

function begunStep({ decision }: Step, bodies: BodyReader): ViewStep {
  return { decision: resolveDecision(decision, bodies), observations: [] };
}

/** Adds what has come to a step since it was looked at. Calls return in their order. */
function caughtUpStep(seen: ViewStep, { calls, notice, begins }: Step, bodies: BodyReader): ViewStep {
  let observed = 0;
  for (const call of calls) {
    if (call.returned === undefined) continue;
    observed += 1;
    if (observed > seen.observations.length) seen.observations.push(observationOf(call, bodies));
  }
  if (notice !== undefined) seen.notice ??= bodies.text(notice);
  if (begins !== undefined) seen.begins = bodies.text(begins);
  return seen;
}

function observationOf({ callId, tool, returned }: Call, bodies: BodyReader): Observation {
  const content = bodies.content(returned?.shown ?? returned?.content ?? []);
  return { callId, tool, content, isError: returned?.isError ?? false };
}
