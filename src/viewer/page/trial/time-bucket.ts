import type { StepRow } from '../../api.ts';

/** A slice of a trial's time, and the shares of it that went to the model, to tools and to the house; 0 to 1. */
export interface TimeBucket {
  model: number;
  tool: number;
  house: number;
}

/** Slices the time from the first step to the last into `count` equal parts. */
export function timeBuckets(rows: readonly StepRow[], count: number): TimeBucket[] {
  const { start, length } = spanOf(rows);
  const buckets = Array.from({ length: count }, () => ({ model: 0, tool: 0, house: 0 }));
  const width = length / count;
  if (width <= 0) return buckets;
  for (const row of rows) {
    const thought = Math.min(row.from + row.modelMs, row.to);
    const acted = Math.min(thought + row.toolMs, row.to);
    for (const [kind, from, to] of [
      ['model', row.from, thought],
      ['tool', thought, acted],
      ['house', acted, row.to],
    ] as const) {
      spread(buckets, kind, (from - start) / width, (to - start) / width);
    }
  }
  return buckets;
}

/** Milliseconds at which the first step begins, and how long all steps take. */
export function spanOf(rows: readonly StepRow[]): { start: number; length: number } {
  const start = rows[0]?.from ?? 0;
  return { start, length: Math.max(0, (rows.at(-1)?.to ?? 0) - start) };
}

/** The step that goes on at a share, 0 to 1, of the whole time. */
export function stepAtShare(rows: readonly StepRow[], share: number): number {
  const { start, length } = spanOf(rows);
  const at = start + share * length;
  const row = rows.find(({ to }) => to >= at) ?? rows.at(-1);
  return row?.step ?? 0;
}

/** `from` and `to` are counted in buckets. */
function spread(buckets: TimeBucket[], kind: keyof TimeBucket, from: number, to: number): void {
  for (let i = Math.floor(from); i < Math.min(to, buckets.length); i++) {
    const bucket = buckets[i];
    if (bucket) bucket[kind] += Math.max(0, Math.min(to, i + 1) - Math.max(from, i));
  }
}
