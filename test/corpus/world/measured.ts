import { existsSync, readFileSync } from 'node:fs';
import type { Figures, Sums } from './figure.ts';
import type { Part } from './world.ts';

/** Where `measure.ts --write` leaves what it counted. */
export const measuredFile = new URL('measured.json', import.meta.url);

/** What was counted of one author's part. */
export interface Measured {
  /** Version of the scorers that judged. */
  scorers: number;
  kinds: Figures;
  sums: Sums;
}

/** What was counted last, by part and author. */
export function measured(): Partial<Record<Part, Record<string, Measured>>> {
  return existsSync(measuredFile) ? JSON.parse(readFileSync(measuredFile, 'utf8')) : {};
}
