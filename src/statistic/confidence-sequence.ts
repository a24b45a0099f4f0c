import { confidence } from './confidence.ts';

const alpha = 1 - confidence;

/** The mixing variance of a confidence sequence that is narrowest after trials of this variance in all. */
export function mixingVariance(narrowestAt: number): number {
  const doubled = 2 * Math.log(1 / alpha);
  return narrowestAt / (doubled + Math.log(1 + doubled));
}

/** How far a sum of deviations whose variance is at most `variance` in all ever strays from 0, however often it is looked at (95 %). */
export function straying(variance: number, mixing: number): number {
  return Math.sqrt((variance + mixing) * (Math.log(1 + variance / mixing) + 2 * Math.log(1 / alpha)));
}

/**
 * The mixture likelihood ratio of a sum of deviations from a mean that is held to be true: evidence against it, which may be looked at
 * after every trial (mSPRT). `straying` is where it reaches 1/α.
 */
export function mixtureRatio(sum: number, variance: number, mixing: number): number {
  return Math.sqrt(mixing / (variance + mixing)) * Math.exp(sum ** 2 / (2 * (variance + mixing)));
}
