import { logGamma } from './distribution.ts';

/**
 * Fisher's exact two-sided p that two agents on different tasks pass as often: the chance of all tables that are no
 * likelier than this one, the tasks passed and those of each agent being what they are.
 */
export function fisher(a: { passed: number; n: number }, b: { passed: number; n: number }): number {
  const [passed, n] = [a.passed + b.passed, a.n + b.n];
  const chance = (ofA: number) =>
    Math.exp(logWays(a.n, ofA) + logWays(b.n, passed - ofA) - logWays(n, passed));
  const limit = chance(a.passed) * (1 + 1e-7);
  let p = 0;
  for (let ofA = Math.max(0, passed - b.n); ofA <= Math.min(a.n, passed); ofA++) {
    const own = chance(ofA);
    if (own <= limit) p += own;
  }
  return Math.min(1, p);
}

const logWays = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
