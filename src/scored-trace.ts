import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Policy } from './schema/policy.ts';
import { type TrialScore, trialScore } from './schema/score.ts';
import type { Trial } from './schema/trial.ts';
import { scorersVersion, scoreTrial } from './scoring/score-trial.ts';
import type { BodyReader } from './trace/body-store.ts';
import { jsonDigest } from './trace/digest.ts';
import { writeWhole } from './trace/disk.ts';
import { foldTrial } from './trace/fold.ts';
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
  const trial = foldTrial(trace.events, trace.bodies);
  const head = sealedHead(dir);
  const key = head && scoreKeyOf(head.sha256, policy);
  const kept = key && !fresh ? readScore(dir, key) : undefined;
  const score = kept ?? scoreTrial(trial, trace.bodies, policy ? { policy } : {});
  if (key && !kept) writeScore(dir, key, score);
  return { dir, trial, bodies: trace.bodies, score, torn: trace.torn };
}

/** Longer logs are not judged on the way to something else, in bytes. */
const longestJudged = 16 * 1024 * 1024;

/** Whether judging a trace takes so long that it is only done where that is asked for. Throws `not-found`. */
export function isLongToJudge(dir: string): boolean {
  return statSync(locateTrace(dir).log).size > longestJudged;
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
  return { dir, trial: foldTrial(trace.step(step), bodies), bodies, score, torn };
}

/** What a score depends on. */
const scoreKey = z.strictObject({
  /** sha256 of the trace's last line. */
  head: z.string(),
  scorers: z.int(),
  /** sha256 of the policy judged by; `recorded` where it is the trace's own. */
  policy: z.string(),
});
export type ScoreKey = z.infer<typeof scoreKey>;

const scoreFile = z.strictObject({ key: scoreKey, score: trialScore });

/** The key of a trace whose last line has the digest `head`, judged by `policy` or the recorded one. */
export function scoreKeyOf(head: string, policy?: Policy): ScoreKey {
  return { head, scorers: scorersVersion, policy: policy ? jsonDigest(policy) : 'recorded' };
}

/** The score kept in a trial's folder; undefined where there is none for this key. */
export function readScore(dir: string, key: ScoreKey): TrialScore | undefined {
  let text: string;
  try {
    text = readFileSync(join(dir, 'scores.json'), 'utf8');
  } catch {
    return undefined;
  }
  const kept = scoreFile.safeParse(parse(text));
  return kept.success && jsonDigest(kept.data.key) === jsonDigest(key) ? kept.data.score : undefined;
}

/** Keeps a score in a trial's folder, whole or not at all. Throws `disk-full` or `trace-write-failed`. */
export function writeScore(dir: string, key: ScoreKey, score: TrialScore): void {
  const text = `${JSON.stringify({ key, score }, null, 2)}\n`;
  writeWhole(join(dir, 'scores.json'), Buffer.from(text), { sync: false });
}

/** What is no JSON is no score; it is made again. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
