import { ProctorError } from '../errors.ts';
import { openRecordedTrial, stepsOf } from '../library/recorded-trial.ts';
import { readEdits } from '../replay/edit.ts';
import { say } from './print.ts';
import { printFinished } from './result.ts';
import { type ForkRunFlags, forkAgent, runFork } from './run-fork.ts';

interface ForkFlags extends ForkRunFlags {
  at?: number;
  before?: number;
  edit: string[];
  despiteDivergence?: boolean;
}

/** `proctor fork`: repeats a recorded trial up to a step, and lets another agent continue from there. */
export async function fork(reference: string, flags: ForkFlags): Promise<void> {
  const { recording, reloaded } = openRecordedTrial(reference, flags, say);
  const steps = stepsOf(recording, { to: flags.at, before: flags.before });
  if (steps === undefined)
    throw new ProctorError('bad-flag', 'name the step to fork at: --at K or --before K');
  const edits = readEdits(flags.edit, recording, steps);
  const agent = forkAgent(recording, flags);
  const despiteDivergence = flags.despiteDivergence ?? false;
  const finished = await runFork(
    recording,
    reloaded,
    { steps, agent, edits, despiteDivergence },
    { ...flags, edited: flags.edit },
  );
  const heading = `fork of ${recording.name} after step ${steps - 1}`;
  const { trials } = printFinished(finished, { json: flags.json, heading });
  const diverged = trials.find(({ score }) => score.outcome === 'diverged');
  if (diverged?.error) throw new ProctorError('diverged', diverged.error.message);
}
