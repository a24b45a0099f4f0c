import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Policy } from './schema/policy.ts';
import { type TrialScore, trialScore } from './schema/score.ts';
import { ownScorers } from './scoring/own.ts';
import { jsonDigest } from './trace/digest.ts';
import { writeWhole } from './trace/disk.ts';
import { judgementsDigest } from './trace/judgement-file.ts';

/** Raised whenever a scorer says something else of the same trace. */
export const scorersVersion = 11;

/** What a score depends on. */
const scoreKey = z.strictObject({
  /** sha256 of the trace's last line. */
  head: z.string(),
  scorers: z.int(),
  /** sha256 of the policy judged by; `recorded` where it is the trace's own. */
  policy: z.string(),
  /** sha256 of the project's own scorers; absent where it has none. */
  project: z.string().optional(),
  /** sha256 of what a judge said; absent where none was asked. */
  judgements: z.string().optional(),
});
export type ScoreKey = z.infer<typeof scoreKey>;

const scoreFile = z.strictObject({ key: scoreKey, score: trialScore });

/** The key of a trace whose last line has the digest `head`, judged by `policy` or the recorded one, and the project's own scorers. */
export function scoreKeyOf(head: string, policy?: Policy): ScoreKey {
  const own = ownScorers();
  return {
    head,
    scorers: scorersVersion,
    policy: policy ? jsonDigest(policy) : 'recorded',
    ...(own && { project: own.digest }),
  };
}

function withJudge(dir: string, key: ScoreKey): ScoreKey {
  const judgements = judgementsDigest(dir);
  return judgements === undefined ? key : { ...key, judgements };
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
  const isSame = kept.success && jsonDigest(kept.data.key) === jsonDigest(withJudge(dir, key));
  return isSame ? kept.data.score : undefined;
}

/** Keeps a score in a trial's folder, whole or not at all. Throws `disk-full` or `trace-write-failed`. */
export function writeScore(dir: string, key: ScoreKey, score: TrialScore): void {
  const text = `${JSON.stringify({ key: withJudge(dir, key), score }, null, 2)}\n`;
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
