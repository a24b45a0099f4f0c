import type { RunTrial } from '../schema/run.ts';
import type { TrialScore } from '../schema/score.ts';
import { readScore, scoreKeyOf } from '../score-file.ts';
import { isLongToJudge, scoreTrace } from '../scored-trace.ts';

/** The score kept beside a trace that has ended, or one made now; undefined where it goes on or is too long for that. */
export function scoreOf(dir: string, entry: RunTrial): TrialScore | undefined {
  if (entry.status !== 'ended') return undefined;
  const kept = entry.head && readScore(dir, scoreKeyOf(entry.head.sha256));
  if (kept) return kept;
  return isLongToJudge(dir) ? undefined : scoreTrace(dir).score;
}
