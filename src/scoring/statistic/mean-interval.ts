import type { Interval } from './interval.ts';
import { studentT } from './student-t.ts';
import { wilson } from './wilson.ts';

/**
 * Interval for the mean of values from 0 to 1 that come in clusters, the attempts of one task being one.
 * Wilson's where each cluster is one pass or fail, or all cluster means are 0 or all 1; else Student's t on the cluster means.
 */
export function meanInterval(clusters: readonly (readonly number[])[]): Interval | undefined {
  const kept = clusters.filter((values) => values.length > 0);
  const [only] = kept;
  const units = kept.length === 1 && only ? only : kept.map(mean);
  const binary = units.every((value) => value === 0 || value === 1);
  const single = kept.length === 1 || kept.every((values) => values.length === 1);
  const same = units.every((value) => value === units[0]);
  if (units.length > 0 && binary && (single || same))
    return wilson(units.filter(Boolean).length, units.length);
  return studentT(units);
}

/** The mean of at least one value. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
