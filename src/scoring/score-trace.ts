import type { Policy } from '../schema/policy.ts';
import type { TrialScore } from '../schema/score.ts';
import type { Trial } from '../schema/trial.ts';
import { foldTrial } from '../trace/fold.ts';
import { readAroundStep, readTrace } from '../trace/reader.ts';
import { sealedHead } from '../trace/run-file.ts';
import type { BodyReader } from '../trace/trace.ts';
import { readScore, scoreKeyOf, writeScore } from './score-file.ts';
import { scoreTrial } from './score-trial.ts';

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
  const trace = readTrace(dir);
  const trial = foldTrial(trace.events, trace.bodies);
  const head = sealedHead(dir);
  const key = head && scoreKeyOf(head.sha256, policy);
  const kept = key && !fresh ? readScore(dir, key) : undefined;
  const score = kept ?? scoreTrial(trial, trace.bodies, policy ? { policy } : {});
  if (key && !kept) writeScore(dir, key, score);
  return { dir, trial, bodies: trace.bodies, score, torn: trace.torn };
}

/** Reads one step of a trace whose score is kept, and nothing of the others; undefined where no score is kept. */
export function readScoredStep(dir: string, step: number): ScoredTrace | undefined {
  const head = sealedHead(dir);
  const score = head && readScore(dir, scoreKeyOf(head.sha256));
  if (!score) return undefined;
  const { bodies, torn } = readTrace(dir);
  return { dir, trial: foldTrial(readAroundStep(dir, step), bodies), bodies, score, torn };
}
