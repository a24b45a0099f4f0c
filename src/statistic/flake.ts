import { confidence } from './confidence.ts';

/** How many trials show a failure that comes in a share of them, with a chance of 95 %. */
export function rerunsNeeded(rate: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(1 - rate) - 1e-9);
}

/** How likely `trials` of a task that passes with this chance go both ways. */
export function seenFlaky(passes: number, trials: number): number {
  return 1 - passes ** trials - (1 - passes) ** trials;
}
