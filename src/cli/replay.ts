import { join } from 'node:path';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { openRecordedTrial, providerOf, stepsOf } from '../library/recorded-trial.ts';
import type { Comparison } from '../replay/compare.ts';
import { describeDifference, placeOf } from '../replay/difference.ts';
import type { Rejudged } from '../replay/recorded-judge.ts';
import type { Recording, Reloaded } from '../replay/recording.ts';
import { compareReplay, replayTrial } from '../replay/replay.ts';
import { secretsOf } from '../run-trials.ts';
import { newRunId, trialIds } from '../trace/run-file.ts';
import { executeRun } from './execute-run.ts';
import { print, say } from './print.ts';
import { type StopFlags, stopAt } from './stop.ts';

interface ReplayFlags extends StopFlags {
  times: number;
  to?: number;
  before?: number;
  json?: boolean;
}

/** `proctor replay`: executes a recorded trial again, compares it with its record, or stops inside it. */
export async function replay(reference: string, flags: ReplayFlags): Promise<void> {
  const { recording, reloaded } = openRecordedTrial(reference, flags, say);
  const steps = stepsOf(recording, flags);
  if (flags.shell || flags.keep || flags.files !== undefined)
    return stopAt(recording, reloaded, steps ?? recording.trial.steps.length, flags);
  if (steps !== undefined)
    throw new ProctorError('bad-flag', 'to stop at a step, say what for: --shell, --keep or --files PATH');
  await again(recording, reloaded, flags);
}

async function again(recording: Recording, reloaded: Reloaded, flags: ReplayFlags): Promise<void> {
  const runId = newRunId(new Date());
  const provider = await providerOf(recording, flags.sandbox, { runId, poolSize: 1 });
  const rejudged = new Map<string, Rejudged>();
  const nextId = trialIds();
  const trials = Array.from({ length: flags.times }, (_, index) =>
    replayTrial(recording, reloaded, {
      id: nextId(),
      attempt: index + 1,
      rejudged: (difference) => void rejudged.set(difference.callId, difference),
    }),
  );
  const { run, dir, traceOf } = await executeRun({
    kind: 'replay',
    run: runId,
    dir: join(flags.out, runId),
    trials,
    provider,
    concurrency: 1,
    seed: recording.trial.started.seed,
    log: flags.log,
    quiet: true,
    options: { parent: recording.name },
  });
  if (run.status === 'interrupted')
    throw new ProctorError('interrupted', `stopped; what was recorded is in ${dir}`);
  const replays = trials.map(({ trial }) => ({
    trace: traceOf(trial),
    ...compareReplay(recording, reloaded, traceOf(trial), secretsOf(process.env)),
  }));
  const { changed } = reloaded;
  const result = {
    trace: recording.dir,
    sandbox: provider.name,
    changed,
    replays,
    rejudged: [...rejudged.values()],
  };
  print(flags.json, result, () => page(recording, result));
  const first = replays.find(({ verdict }) => verdict === 'diverged');
  if (first?.difference)
    throw new ProctorError('diverged', `the replay diverged at ${placeOf(first.difference)}`);
}

interface Result {
  sandbox: string;
  replays: (Comparison & { trace: string })[];
  rejudged: Rejudged[];
}

function page({ trial, name }: Recording, { sandbox, replays, rejudged }: Result): string {
  const { task, agent } = trial.started;
  const lines = [`replay of ${name} (${task.name}, ${agent.id}) on ${sandbox}`, ...replays.map(lineOf)];
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
