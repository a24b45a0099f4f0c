import { handoverAgent } from '../agent/handover.ts';
import { recordedAgent } from '../agent/recorded.ts';
import { ProctorError } from '../errors.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { submitTool } from '../schema/builtin-tool.ts';
import type { Toolbox } from '../tool/toolbox.ts';
import type { Difference } from './difference.ts';
import { follower } from './follow.ts';
import { inherit } from './inherit.ts';
import { limitsOfReplay, type Recording, type Reloaded } from './recording.ts';

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
  { trial, steps, arrived }: { trial: string; steps: number; arrived(place: Place): Promise<void> },
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
  const visitor = {
    ...recordedAgent(recording),
    open: async () => ({ decide: visit, close: async () => {} }),
  };
  return {
    trial,
    attempt: 1,
    task,
    environment,
    agent: handoverAgent({
      record: recording,
      adapt: followed.adapt,
      steps,
      next: visitor,
      follow(view) {
        difference ??= followed.differenceIn(view.steps.length);
      },
    }),
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
