import { incompleteBeta, logBeta } from './distribution.ts';

/** P(B > A) after `onlyA` tasks that A alone did better and `onlyB` that B alone did, before which all was as likely. */
export function pairedSuperiority(onlyA: number, onlyB: number): number {
  return 1 - incompleteBeta(0.5, onlyB + 1, onlyA + 1);
}

/** P(B's pass rate > A's) of two agents on different tasks, before which each rate was as likely. */
export function superiority(a: { passed: number; n: number }, b: { passed: number; n: number }): number {
  const [passA, failA] = [a.passed + 1, a.n - a.passed + 1];
  const failB = b.n - b.passed + 1;
  let share = 0;
  for (let i = 0; i <= b.passed; i++) {
    share += Math.exp(
      logBeta(passA + i, failA + failB) - Math.log(failB + i) - logBeta(1 + i, failB) - logBeta(passA, failA),
    );
  }
  return Math.min(1, share);
}
