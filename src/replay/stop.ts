import type { Agent } from '../agent/agent.ts';
import { handoverAgent } from '../agent/handover.ts';
import { recordedAgent } from '../agent/recorded.ts';
import { ProctorError } from '../errors.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { submitTool } from '../schema/builtin-tool.ts';
import type { View } from '../schema/view.ts';
import type { Toolbox } from '../tool/toolbox.ts';
import type { Difference } from './difference.ts';
import { follower } from './follow.ts';
import { inherit } from './inherit.ts';
import { limitsOfReplay, type Recording, type Reloaded } from './recording.ts';
import { hasProgram, repeatedProgram } from './repeated-program.ts';

/** Where a rebuilt trial stands, for someone who wants to look around. */
export interface Place {
  /** Absent where the environment has none. */
  sandbox?: Sandbox;
  toolbox: Toolbox;
  /** Where the rebuilt steps first differ from the record. */
  difference?: Difference;
}

/** The trial that repeats a recording's first steps, calls `arrived` there, and ends unverified when that is over. */
export function stopTrial(
  recording: Recording,
  reloaded: Reloaded,
  {
    trial,
    steps,
    arrived,
    program,
  }: {
    trial: string;
    steps: number;
    arrived(place: Place): Promise<void>;
    /** The agent, where its program is to be run again. */
    program?: Agent | undefined;
  },
): TrialSpec {
  const { task, environment } = reloaded;
  const followed = follower(recording, reloaded);
  const inherits = inherit(recording, {
    steps,
    goesOn: true,
    counts: false,
    limits: { ...limitsOfReplay(recording), steps: steps + 1 },
    followed,
  });
  let place: Place | undefined;
  let difference: Difference | undefined;
  const visit = async (): Promise<never> => {
    if (place) await arrived({ ...place, ...(difference && { difference }) });
    throw new ProctorError('interrupted', 'stopped here, as asked');
  };
  const follow = (view: View) => {
    difference ??= followed.differenceIn(view.steps.length);
  };
  const visitor = {
    ...recordedAgent(recording),
    open: async () => ({ decide: visit, close: async () => {} }),
  };
  return {
    trial,
    attempt: 1,
    task,
    environment,
    agent: hasProgram(recording)
      ? visiting(repeatedProgram(recording, { program, follow }), steps, visit)
      : handoverAgent({ record: recording, adapt: followed.adapt, steps, next: visitor, follow }),
    inherits: {
      ...inherits,
      toolbox: (open) => async (opening) => {
        const toolbox = await inherits.toolbox(open)(opening);
        place = { ...(opening.sandbox && { sandbox: opening.sandbox }), toolbox };
        return stoppingAt(submissionWithin(recording, steps), toolbox, visit);
      },
    },
  };
}

/** A program that is stopped where it would decide again after so many steps, or has ended. */
function visiting(agent: Agent, steps: number, visit: () => Promise<never>): Agent {
  return {
    ...agent,
    async open(brief, room) {
      const session = await agent.open(brief, room);
      let decided = 0;
      return {
        ...session,
        async decide(view, options) {
          if (view.steps.length >= steps) return visit();
          decided = view.steps.length + 1;
          return session.decide(view, options);
        },
        ...(session.perform && {
          async perform(calls, options) {
            const performed = await session.perform?.(calls, options);
            return performed && (!performed.ended || decided < steps) ? performed : visit();
          },
        }),
      };
    },
  };
}

/** Which call of `submit` ends the recording, counted from 1, where it is one of its first steps; else 0. */
function submissionWithin({ trial }: Recording, steps: number): number {
  if (trial.outcome !== 'submitted' || steps < trial.steps.length) return 0;
  const calls = trial.steps.flatMap((step) => step.calls);
  return calls.filter(({ tool, called }) => tool === submitTool && called).length;
}

/** Stops in place of the call that would end the trial. */
function stoppingAt(submission: number, toolbox: Toolbox, visit: () => Promise<never>): Toolbox {
  let submissions = 0;
  return {
    ...toolbox,
    call(tool, args, options) {
      if (tool === submitTool && ++submissions === submission) return visit();
      return toolbox.call(tool, args, options);
    },
  };
}
