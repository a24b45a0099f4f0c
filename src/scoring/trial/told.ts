import type { Told } from '../../policy/judge.ts';
import type { ResolvedTrial } from './resolved-trial.ts';

/** What the user had told the agent when it decided a step. */
export function toldBefore({ trial, bodies }: ResolvedTrial, step: number): Told {
  const { task, principal = '' } = trial.started;
  const instruction = bodies.text(task.instruction);
  const later = trial.steps.flatMap(({ index, begins }) =>
    begins === undefined || index >= step ? [] : [bodies.text(begins)],
  );
  return { instruction, principal, said: [instruction, ...later] };
}
