import type { Policy } from '../schema/policy.ts';
import type { TrialScore } from '../schema/score.ts';
import type { Trial } from '../schema/trial.ts';
import { foldTrial } from '../trace/fold.ts';
import { readTrace } from '../trace/reader.ts';
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
 * Reads and scores the trace in `dir`; the score is kept beside it, keyed by what it depends on, unless `keep` is false.
 * Throws `bad-trace`; the digest chain is checked by who asks for it.
 */
export function scoreTrace(dir: string, options: { policy?: Policy; keep?: boolean } = {}): ScoredTrace {
  const { policy, keep = true } = options;
  const trace = readTrace(dir);
  const trial = foldTrial(trace.events, trace.bodies);
  const head = sealedHead(dir);
  const key = head && scoreKeyOf(head.sha256, policy);
  const kept = key && readScore(dir, key);
  const score = kept ?? scoreTrial(trial, trace.bodies, policy ? { policy } : {});
  if (key && keep && !kept) writeScore(dir, key, score);
  return { dir, trial, bodies: trace.bodies, score, torn: trace.torn };
}
