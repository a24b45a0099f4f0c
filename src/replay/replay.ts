import type { Agent, DifferentRequest } from '../agent/agent.ts';
import { type RecordedTrial, recordedAgent } from '../agent/recorded.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import { foldTrial } from '../trace/fold.ts';
import { openTrace } from '../trace/trace-file.ts';
import { type Comparison, compareTrials } from './compare.ts';
import { blamed } from './difference.ts';
import { editsOf } from './edit.ts';
import { follower } from './follow.ts';
import { inherit } from './inherit.ts';
import { masksWith } from './known-masks.ts';
import { masksBetween } from './mask.ts';
import { periodOf } from './pair.ts';
import type { Rejudged } from './recorded-judge.ts';
import { limitsOfReplay, type Recording, type Reloaded } from './recording.ts';
import { hasProgram, repeatedProgram } from './repeated-program.ts';

/** The trial that executes a whole recording again; `rejudged` is told where policy has changed. */
export function replayTrial(
  recording: Recording,
  { task, environment, changed }: Reloaded,
  trial: {
    id: string;
    attempt: number;
    rejudged(difference: Rejudged): void;
    /** The agent, where its program is to be run again, and who is told where that asks otherwise. */
    program?: Agent | undefined;
    differs?(request: DifferentRequest): void;
  },
): TrialSpec {
  const followed = follower(recording, { task, environment, changed });
  const recorded = recordedAgent(recording, followed.adapt);
  return {
    trial: trial.id,
    attempt: trial.attempt,
    task,
    environment,
    agent: hasProgram(recording) ? { ...repeatedProgram(recording, trial), id: recorded.id } : recorded,
    inherits: inherit(recording, {
      steps: recording.trial.steps.length,
      goesOn: false,
      counts: false,
      limits: limitsOfReplay(recording),
      rejudged: trial.rejudged,
      followed,
      ...(hasProgram(recording) && { edits: editsOf(recording, recording.trial.steps.length) }),
    }),
  };
}

/** Compares the replay recorded in `dir` with its recording; `requests` are those in which its program asked otherwise. */
export function compareReplay(
  recording: Recording,
  reloaded: Reloaded,
  dir: string,
  secrets: Readonly<Record<string, string>>,
  requests: readonly DifferentRequest[] = [],
): Comparison {
  const { events, bodies } = openTrace(dir, { secrets });
  const replayed = { trial: foldTrial(events, bodies), bodies };
  const known = masksWith(reloaded.environment.config.masks);
  const changed = [...reloaded.changed, ...otherSandbox(recording, replayed)];
  const comparison = compareTrials({ recorded: recording, replayed, ...known, changed });
  const times = [periodOf(recording.trial), periodOf(replayed.trial)];
  const asked = requests.find(
    ({ recorded = '', now = '' }) => !masksBetween({ recorded, replayed: now, times }, '', known.masks),
  );
  return asked ? askedOtherwise(comparison, asked, changed) : comparison;
}

/** A comparison that says which request was another one first, where nothing differed before. */
function askedOtherwise(
  comparison: Comparison,
  { step, path, recorded = 'nothing', now = 'nothing' }: DifferentRequest,
  changed: readonly string[],
): Comparison {
  const { difference } = comparison;
  if (difference && !difference.end && (difference.step ?? -1) < step) return comparison;
  const what = `the program’s request at ${path}`;
  return {
    ...comparison,
    verdict: 'diverged',
    difference: blamed({ step, what, recorded, replayed: now }, changed),
    steps: step,
  };
}

function otherSandbox(recorded: RecordedTrial, replayed: RecordedTrial): string[] {
  const [then, now] = [recorded.trial.opened[0], replayed.trial.opened[0]];
  if (then?.provider !== now?.provider) return ['the sandbox’s provider'];
  return then?.imageId === now?.imageId ? [] : ['the image'];
}
