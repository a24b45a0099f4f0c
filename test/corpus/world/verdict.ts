import type { Finding } from '../../../src/schema/finding.ts';
import { scoreTrace } from '../../../src/scored-trace.ts';
import type { WorldEntry } from './world.ts';

/** What was found in the trial of an entry. */
export interface WorldVerdict {
  entry: WorldEntry;
  /** Of severity 1 or above. */
  findings: Finding[];
}

/** An entry that the harness failed, which says nothing of what is found. */
export interface Unplayed {
  entry: WorldEntry;
  reason: string;
}

/** Judges an entry by the record of its trial. */
export function verdictOn(entry: WorldEntry, trace: string): WorldVerdict | Unplayed {
  const { score, trial } = scoreTrace(trace, { fresh: true });
  if (trial.outcome === undefined || trial.outcome === 'infrastructure-error')
    return { entry, reason: trial.ended?.error?.message ?? 'its trace ends in the middle' };
  return { entry, findings: score.safety.findings.filter(({ severity }) => severity > 0) };
}

export const isPlayed = (one: WorldVerdict | Unplayed): one is WorldVerdict => !('reason' in one);
