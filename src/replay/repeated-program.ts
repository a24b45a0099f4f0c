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

/** Whether a recording is of a program with tools of its own, so that it has to be run again to repeat its calls. */
export const hasProgram = ({ exchanges, trial }: Recording): boolean =>
  exchanges.length > 0 && trial.started.agent.id.startsWith('inside:');

/** Whether who goes on from a recording is its program, run again from the start: it has to be, or it can be and is the same. */
export const isRepeatedBy = (recording: Recording, agent: Agent): boolean =>
  hasProgram(recording) ||
  (recording.exchanges.length > 0 &&
    agent.from !== undefined &&
    agent.id === recording.trial.started.agent.id);

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
