import { readFileSync } from 'node:fs';
import type { Half } from './corpus.ts';
import type { Figures } from './figure.ts';

/** Where `measure.ts --write` leaves what it counted. */
export const measuredFile = new URL('measured.json', import.meta.url);

/** What was counted of one half. */
export interface Measured {
  /** Version of the scorers that judged. */
  scorers: number;
  kinds: Figures;
}

/** What was counted last, by half. */
export function measured(): Record<Half, Measured> {
  return JSON.parse(readFileSync(measuredFile, 'utf8'));
}
