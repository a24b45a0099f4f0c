/** Confidence of every interval Proctor reports. */
export const confidence = 0.95;

/** What lies below the upper end of a two-sided interval. */
export const upper = 1 - (1 - confidence) / 2;

/** The ends of an interval. */
export interface Bounds {
  low: number;
  high: number;
}
