import { basename, join, resolve } from 'node:path';
import { ProctorError } from '../errors.ts';
import type { Contract } from '../schema/contract.ts';
import type { EffectClass } from '../schema/effect.ts';
import { countedIn, type RunTrial } from '../schema/run.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import { readScore, scoreKeyOf } from '../score-file.ts';
import { scoreTrace } from '../scored-trace.ts';
import { readRun } from '../trace/run-file.ts';
import { openTrace } from '../trace/trace-file.ts';
import type { SetTrial, TrialSet } from './trial-set.ts';

/** The trials of the run in a folder that count; of a trace whose score is kept, the first line alone is read, and nothing of those known by their id. */
export function readTrials(
  runDir: string,
  known: ReadonlyMap<string, SetTrial> = new Map(),
): Omit<TrialSet, 'selector'> {
  const dir = resolve(runDir);
  const run = readRun(dir);
  const trials: SetTrial[] = [];
  const unreadable: { run: string; trial: string; message: string }[] = [];
  for (const entry of countedIn(run, run.trials)) {
    if (entry.status === 'waiting') continue;
    try {
      trials.push(known.get(entry.trial) ?? readTrial(dir, run.run, entry));
    } catch (error) {
      if (!(error instanceof ProctorError)) throw error;
      unreadable.push({ run: run.run, trial: entry.trial, message: error.message });
    }
  }
  return { trials, unreadable };
}

function readTrial(runDir: string, run: string, entry: RunTrial): SetTrial {
  const dir = join(runDir, entry.dir);
  return (
    readKeptTrial(runDir, run, entry) ??
    setTrial(startOf(dir), { run, trial: entry.trial, dir, score: scoreTrace(dir).score })
  );
}

/** A trial of a run in a folder, where its score is kept. Throws `bad-trace` or `not-found`. */
export function readKeptTrial(runDir: string, run: string, entry: RunTrial): SetTrial | undefined {
  const dir = join(runDir, entry.dir);
  const score = entry.head && readScore(dir, scoreKeyOf(entry.head.sha256));
  return score && setTrial(startOf(dir), { run, trial: entry.trial, dir, score });
}

function startOf(dir: string): TraceEventOf<'trial.started'> {
  const { first, log } = openTrace(dir);
  if (!first) throw new ProctorError('bad-trace', `${log}: expected a first event trial.started`);
  return first;
}

/** What comparisons look at of a trial that began so. */
export function setTrial(
  { task, environment, agent, contract, attempt }: TraceEventOf<'trial.started'>,
  recorded: Pick<SetTrial, 'run' | 'trial' | 'dir' | 'score'>,
): SetTrial {
  return {
    ...recorded,
    task: task.name,
    digest: task.digest,
    environmentDigest: environment.digest,
    ...(task.cluster !== undefined && { cluster: task.cluster }),
    ...(task.instance && { instance: task.instance }),
    agent: agent.id,
    attempt,
    tags: task.tags,
    ...(task.difficulty !== undefined && { difficulty: task.difficulty }),
    environment: basename(environment.name),
    effects: effectsOf(contract),
    outcome: recorded.score.outcome,
  };
}

/** What a task's contract lets its agent do to the world: `read` where it says that nothing may be done; nothing where it says nothing. */
export function effectsOf(contract: Contract | undefined): EffectClass[] {
  if (!contract || Object.keys(contract).length === 0) return [];
  const { may_change = [], must_change = [], may_lose = [], messages = [], budget } = contract;
  const allowed: [EffectClass, boolean][] = [
    ['write', may_change.length + must_change.length > 0],
    ['delete', may_lose.length > 0],
    ['send', messages.some(({ most }) => most !== 0)],
    ['spend', (budget?.amounts ?? []).some(({ most }) => most > 0)],
  ];
  const effects = allowed.flatMap(([effect, may]) => (may ? [effect] : []));
  return effects.length === 0 && contract.may_change ? ['read'] : effects;
}
