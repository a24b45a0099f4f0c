import type { Agent } from '../agent/agent.ts';
import { handoverAgent } from '../agent/handover.ts';
import { sawSolution } from '../agent/recorded.ts';
import { ProctorError } from '../errors.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { Limits } from '../schema/limits.ts';
import type { View } from '../schema/view.ts';
import type { Edits } from './edit.ts';
import { follower } from './follow.ts';
import { inherit } from './inherit.ts';
import type { Recording, Reloaded } from './recording.ts';
import { hasProgram, isRepeatedBy, repeatedProgram } from './repeated-program.ts';

export interface Fork {
  /** How many steps are taken over. */
  steps: number;
  /** Who continues. */
  agent: Agent;
  edits: Edits;
  /** The recorded ones when absent. */
  limits?: Limits;
  /** Continues although what is taken over does not come out as recorded. */
  despiteDivergence: boolean;
}

/** The trial that repeats a recording's first steps and then hands over to another agent. It spends nothing before. */
export function forkTrial(
  recording: Recording,
  reloaded: Reloaded,
  trial: { id: string; attempt: number },
  { steps, agent, edits, limits, despiteDivergence }: Fork,
): TrialSpec {
  requireOpenEnd(recording, steps, agent);
  const { task, environment } = reloaded;
  const followed = follower(recording, reloaded);
  const follow = (view: View) => {
    if (!despiteDivergence) followed.requireSame(view.steps.length, 'what the fork takes over');
  };
  return {
    trial: trial.id,
    attempt: trial.attempt,
    task: edits.instruction === undefined ? task : { ...task, instruction: edits.instruction },
    environment,
    agent: isRepeatedBy(recording, agent)
      ? repeatedProgram(recording, { program: agent, steps, follow })
      : handoverAgent({ record: recording, adapt: followed.adapt, steps, next: agent, follow }),
    inherits: inherit(recording, {
      steps,
      goesOn: true,
      counts: false,
      limits: limits ?? recording.trial.started.limits,
      phaseSeconds: limits ? undefined : recording.trial.started.task.phases?.seconds,
      edits,
      followed,
    }),
  };
}

function requireOpenEnd(recording: Recording, steps: number, agent: Agent): void {
  const { trial, name } = recording;
  const last = trial.steps[steps - 1];
  if (steps < 1 || !last)
    throw new ProctorError(
      'bad-flag',
      `${name} has the steps 0 to ${trial.steps.length - 1}; a fork takes over at least one of them`,
    );
  const ends = steps === trial.steps.length && (trial.outcome === 'submitted' || trial.outcome === 'gave-up');
  if (ends)
    throw new ProctorError('bad-flag', `${name} ends with step ${steps - 1}; fork it at an earlier one`);
  if (agent.inside && !hasProgram(recording))
    throw new ProctorError(
      'unsupported',
      `${name} was not recorded of a program inside of its sandbox, and ${agent.id} can’t begin in the middle`,
    );
  if (sawSolution(recording) && !agent.seesSolution && recording.trial.started.task.reference === null)
    throw new ProctorError(
      'unsupported',
      `${name} was recorded with the task’s solution in the sandbox, where ${agent.id} would find it`,
    );
}
