import { incompleteBeta, logBeta } from './distribution.ts';

/**
 * Evidence against two sets of trials passing tasks alike, from pairs of trials of which only one passed: `broke` went worse in the
 * later set, `fixed` better. May be looked at after every pair: where nothing changed, it ever reaches 1/α with a chance of at most α.
 */
export interface Evidence {
  changed: number;
  /** For worse alone. */
  worse: number;
}

/** The evidence of pairs that are each of fresh trials, by a uniform mixture over what their share may be. */
export function evidenceOf(broke: number, fixed: number): Evidence {
  const changed = Math.exp((broke + fixed) * Math.LN2 + logBeta(broke + 1, fixed + 1));
  return { changed, worse: 2 * changed * (1 - incompleteBeta(0.5, broke + 1, fixed + 1)) };
}
