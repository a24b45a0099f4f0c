/** A two-sided confidence interval, and how it was come by. */
export interface Interval {
  low: number;
  high: number;
  method: 'wilson' | 'student-t' | 'zero-of-n';
}

/** Confidence of every interval Proctor reports. */
export const confidence = 0.95;
