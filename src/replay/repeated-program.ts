import type { Agent, DifferentRequest } from '../agent/agent.ts';
import { sawSolution } from '../agent/recorded.ts';
import { ProctorError } from '../errors.ts';
import type { View } from '../schema/view.ts';
import type { Recording } from './recording.ts';

export interface RepeatedProgram {
  /** The agent whose program it was. */
  program?: Agent | undefined;
  /** How many steps its model calls are answered from the record; all, and no model is asked, where absent. */
  steps?: number;
  /** Asked before each decision up to the first that is its own; what it throws ends the trial. */
  follow?(view: View): void;
  differs?(request: DifferentRequest): void;
}

/** Whether a recording's decisions were made of the model calls of a program, so that it has to be run again to repeat them. */
export const hasProgram = ({ exchanges }: Recording): boolean => exchanges.length > 0;

/**
 * The program of a recording, run again in a room of its own; its model calls are answered from the record. Throws `unsupported` where the
 * agent is none that can be begun from a record.
 */
export function repeatedProgram(recording: Recording, repeated: RepeatedProgram): Agent {
  const { program, steps, follow = () => {}, differs = () => {} } = repeated;
  if (!program?.from)
    throw new ProctorError(
      'unsupported',
      `${recording.name} was recorded of a program with tools of its own, which ${program?.id ?? 'nobody'} can’t go on with; expected ${recording.trial.started.agent.id}`,
    );
  const until = steps ?? recording.trial.steps.length;
  const again = program.from({
    exchanges: recording.exchanges,
    differs,
    ...(steps !== undefined && { steps }),
  });
  return {
    ...again,
    seesSolution: again.seesSolution === true || sawSolution(recording),
    async open(brief, room) {
      const session = await again.open(brief, room);
      return {
        async decide(view, options) {
          if (view.steps.length <= until) follow(view);
          return session.decide(view, options);
        },
        ...(session.perform && { perform: session.perform.bind(session) }),
        ...(session.tools && { tools: session.tools.bind(session) }),
        close: () => session.close(),
      };
    },
  };
}
