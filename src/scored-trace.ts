import { statSync } from 'node:fs';
import { ProctorError } from './errors.ts';
import type { Policy } from './schema/policy.ts';
import type { TrialScore } from './schema/score.ts';
import type { TraceEvent } from './schema/trace-event.ts';
import type { Trial } from './schema/trial.ts';
import { readScore, scoreKeyOf, writeScore } from './score-file.ts';
import { type ScoreOptions, scoreTrial } from './scoring/score-trial.ts';
import type { BodyReader } from './trace/body-store.ts';
import { foldTrial } from './trace/fold.ts';
import { readJudgements } from './trace/judgement-file.ts';
import { locateTrace } from './trace/location.ts';
import { sealedHead } from './trace/run-file.ts';
import { openTrace } from './trace/trace-file.ts';

/** A trace, read, folded and scored. */
export interface ScoredTrace {
  dir: string;
  trial: Trial;
  bodies: BodyReader;
  score: TrialScore;
  /** Whether its last line was only half written. */
  torn: boolean;
}

/**
 * Reads and scores the trace in `dir`; the score is kept beside it, keyed by what it depends on.
 * `fresh` judges again even where a score is kept.
 * Throws `bad-trace`; the digest chain is checked by who asks for it.
 */
export function scoreTrace(dir: string, options: { policy?: Policy; fresh?: boolean } = {}): ScoredTrace {
  const { policy, fresh = false } = options;
  const trace = openTrace(dir);
  const trial = foldFile(dir, trace.events, trace.bodies);
  const head = sealedHead(dir);
  const key = head && scoreKeyOf(head.sha256, policy);
  const kept = key && !fresh ? readScore(dir, key) : undefined;
  const score = kept ?? scoreTrial(trial, trace.bodies, scoreOptions(dir, policy));
  if (key && !kept) writeScore(dir, key, score);
  return { dir, trial, bodies: trace.bodies, score, torn: trace.torn };
}

/** How the trace in a folder is scored: by which policy, and what a judge said of it. Throws as `readJudgements` does. */
function scoreOptions(dir: string, policy?: Policy): ScoreOptions {
  const judgements = readJudgements(locateTrace(dir).dir);
  return { ...(policy && { policy }), ...(judgements && { judgements }) };
}

/** A longer log is not scored in passing. */
const maxJudgedBytes = 16 * 1024 * 1024;

/** Whether judging a trace takes so long that it is only done where that is asked for. Throws `not-found`. */
export function isLongToJudge(dir: string): boolean {
  return statSync(locateTrace(dir).log).size > maxJudgedBytes;
}

/** One step of a trace, and the score of the whole where it is kept or soon made. */
export interface ReadStep extends Omit<ScoredTrace, 'score'> {
  /** Null where none is kept and the trace is long. */
  score: TrialScore | null;
}

/** Reads one step; of a long trace, or one whose score is kept, nothing of the others. Throws `not-found` or `bad-trace`. */
export function readStep(dir: string, step: number): ReadStep {
  const head = sealedHead(dir);
  const kept = head && readScore(dir, scoreKeyOf(head.sha256));
  const score = kept ?? (isLongToJudge(dir) ? null : scoreTrace(dir).score);
  const trace = openTrace(dir);
  const { bodies, torn } = trace;
  return { dir, trial: foldFile(dir, trace.step(step), bodies), bodies, score, torn };
}

/** Folds the events of a file; what is wrong with them is said of the file, which may be empty after a full disk. */
function foldFile(dir: string, events: Iterable<TraceEvent>, bodies: BodyReader): Trial {
  try {
    return foldTrial(events, bodies);
  } catch (error) {
    const { log } = locateTrace(dir);
    if (!(error instanceof ProctorError) || error.code !== 'bad-trace' || error.message.includes(log))
      throw error;
    throw new ProctorError('bad-trace', `${log}: ${error.message}`, { cause: error });
  }
}
