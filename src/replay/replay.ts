import { type RecordedTrial, recordedAgent } from '../agent/recorded.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import { foldTrial } from '../trace/fold.ts';
import { openTrace } from '../trace/trace-file.ts';
import { type Comparison, compareTrials } from './compare.ts';
import { follower } from './follow.ts';
import { inherit } from './inherit.ts';
import { masksWith } from './known-masks.ts';
import type { Rejudged } from './recorded-judge.ts';
import { limitsOfReplay, type Recording, type Reloaded } from './recording.ts';

/** The trial that executes a whole recording again; `rejudged` is told where policy has changed. */
export function replayTrial(
  recording: Recording,
  { task, environment, changed }: Reloaded,
  trial: { id: string; attempt: number; rejudged(difference: Rejudged): void },
): TrialSpec {
  const followed = follower(recording, { task, environment, changed });
  return {
    trial: trial.id,
    attempt: trial.attempt,
    task,
    environment,
    agent: recordedAgent(recording, followed.adapt),
    inherits: inherit(recording, {
      steps: recording.trial.steps.length,
      goesOn: false,
      counts: false,
      limits: limitsOfReplay(recording),
      rejudged: trial.rejudged,
      followed,
    }),
  };
}

/** Compares the replay recorded in `dir` with its recording. */
export function compareReplay(
  recording: Recording,
  reloaded: Reloaded,
  dir: string,
  secrets: Readonly<Record<string, string>>,
): Comparison {
  const { events, bodies } = openTrace(dir, { secrets });
  const replayed = { trial: foldTrial(events, bodies), bodies };
  return compareTrials({
    recorded: recording,
    replayed,
    ...masksWith(reloaded.environment.config.masks),
    changed: [...reloaded.changed, ...otherSandbox(recording, replayed)],
  });
}

function otherSandbox(recorded: RecordedTrial, replayed: RecordedTrial): string[] {
  const [then, now] = [recorded.trial.opened[0], replayed.trial.opened[0]];
  if (then?.provider !== now?.provider) return ['the sandbox’s provider'];
  return then?.imageId === now?.imageId ? [] : ['the image'];
}
