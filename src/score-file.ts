import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from './schema/policy.ts';
import type { TrialScore } from './schema/score.ts';
import { ownScorers } from './scoring/own.ts';
import { jsonDigest, sha256 } from './trace/digest.ts';
import { writeWhole } from './trace/disk.ts';
import { judgementsDigest } from './trace/judgement-file.ts';

/** Raised whenever a scorer says something else of the same trace. */
export const scorersVersion = 12;

/** What a score depends on. */
export interface ScoreKey {
  /** sha256 of the trace's last line. */
  head: string;
  scorers: number;
  /** sha256 of the policy judged by; `recorded` where it is the trace's own. */
  policy: string;
  /** sha256 of the project's own scorers; absent where it has none. */
  project?: string;
  /** sha256 of what a judge said; absent where none was asked. */
  judgements?: string;
}

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

const fileName = 'scores.json';
const digestLength = 64;
const afterDigest = '","score":';
const end = '}\n';

/** How the file begins that holds a score for a key: up to the sha256 of the score's own text. */
const beginning = (dir: string, key: ScoreKey) =>
  Buffer.from(`{"key":${JSON.stringify(withJudge(dir, key))},"sha256":"`);

/**
 * The score kept in a trial's folder; undefined where there is none for this key, or not as it was written. Runs have thousands of
 * them, so that the digest stands in for a check by the schema.
 */
export function readScore(dir: string, key: ScoreKey): TrialScore | undefined {
  let file: Buffer;
  try {
    file = readFileSync(join(dir, fileName));
  } catch {
    return undefined;
  }
  const begun = beginning(dir, key);
  const digestAt = begun.length;
  if (!file.subarray(0, digestAt).equals(begun)) return undefined;
  const from = digestAt + digestLength + afterDigest.length;
  const score = file.subarray(from, -end.length);
  const isWhole = file.toString('latin1', digestAt, digestAt + digestLength) === sha256(score);
  return isWhole ? JSON.parse(score.toString()) : undefined;
}

/** Keeps a score in a trial's folder, whole or not at all. Throws `disk-full` or `trace-write-failed`. */
export function writeScore(dir: string, key: ScoreKey, score: TrialScore): void {
  const text = Buffer.from(JSON.stringify(score));
  const rest = Buffer.from(`${sha256(text)}${afterDigest}`);
  writeWhole(join(dir, fileName), Buffer.concat([beginning(dir, key), rest, text, Buffer.from(end)]), {
    sync: false,
  });
}
