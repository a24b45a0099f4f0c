import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { openRecordedTrial, stepsOf } from '../library/recorded-trial.ts';
import { type ReplayResult, replay } from '../library/replay.ts';
import type { Comparison } from '../replay/compare.ts';
import { describeDifference, placeOf } from '../replay/difference.ts';
import { executed } from './execute-run.ts';
import { print, say } from './print.ts';
import { replayChoices } from './replay-choices.ts';
import { type StopFlags, stopAt } from './stop.ts';

interface ReplayFlags extends StopFlags {
  times: number;
  to?: number;
  before?: number;
  choices?: boolean;
  json?: boolean;
}

/** `proctor replay`: executes a recorded trial again, compares it with its record, or stops inside it. */
export async function replayRecorded(reference: string, flags: ReplayFlags): Promise<void> {
  if (flags.choices) return replayChoices(reference, flags);
  const stops = flags.shell || flags.keep || flags.files !== undefined;
  if (!stops && flags.to === undefined && flags.before === undefined) return again(reference, flags);
  const { recording, reloaded } = openRecordedTrial(reference, flags, say);
  const steps = stepsOf(recording, flags);
  if (!stops)
    throw new ProctorError('bad-flag', 'to stop at a step, say what for: --shell, --keep or --files PATH');
  await stopAt(recording, reloaded, steps ?? recording.trial.steps.length, flags);
}

async function again(reference: string, flags: ReplayFlags): Promise<void> {
  const replayed = await replay(reference, {
    ...flags,
    say,
    execute: executed({ ...flags, quiet: () => true }),
  });
  const { name: _, task: __, agent: ___, ...document } = replayed;
  print(flags.json, document, () => page(replayed));
  const first = replayed.replays.find(({ verdict }) => verdict === 'diverged');
  if (first?.difference)
    throw new ProctorError('diverged', `the replay diverged at ${placeOf(first.difference)}`);
}

function page({ name, task, agent, sandbox, replays, rejudged }: ReplayResult): string {
  const lines = [`replay of ${name} (${task}, ${agent}) on ${sandbox}`, ...replays.map(lineOf)];
  if (replays.length > 1) {
    const fine = replays.filter(({ verdict }) => verdict !== 'diverged').length;
    lines.push(`reproducible in ${fine} of ${replays.length}`);
  }
  for (const { callId, tool, recorded, today } of rejudged)
    lines.push(
      `call ${callId} (${tool}): the recorded verdict was ${recorded}; the policy of today says ${today}`,
    );
  return `${lines.join('\n')}\n`;
}

function lineOf({ verdict, masks, steps, difference }: Comparison): string {
  if (difference) return `diverged at ${describeDifference(difference)}`;
  const needed = masks.length > 0 ? `, but for: ${masks.join(', ')}` : '';
  return `${verdict}: ${several(steps, 'step')} and the reward came out as recorded${needed}`;
}
