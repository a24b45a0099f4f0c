import type { Told } from '../../policy/judge.ts';
import type { ResolvedTrial } from './resolved-trial.ts';

/** What the user had told the agent when it decided a step. */
export function toldBefore(resolved: ResolvedTrial, step: number): Told {
  const { trial, bodies } = resolved;
  const { task, principal = '' } = trial.started;
  const instruction = bodies.text(task.instruction);
  const later = resolved
    .once(beginnings)
    .filter(({ index }) => index < step)
    .map(({ text }) => text);
  return { instruction, principal, said: [instruction, ...later] };
}

/** The instructions of later phases and later messages, each with the step after which it was given. */
const beginnings = ({ trial, bodies }: ResolvedTrial) =>
  trial.steps.flatMap(({ index, begins, notice }) =>
    [begins, notice].flatMap((body) => (body === undefined ? [] : [{ index, text: bodies.text(body) }])),
  );
