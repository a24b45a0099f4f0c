import { binomialAt, binomialBelow } from './distribution.ts';

/** McNemar's exact two-sided p from the tasks that only one and only the other agent passed. */
export function mcNemar(onlyA: number, onlyB: number): number {
  return Math.min(1, 2 * binomialBelow(Math.min(onlyA, onlyB), onlyA + onlyB, 0.5));
}

/** The same, with half of what was seen left out: less careful, closer to its level. */
export function mcNemarMid(onlyA: number, onlyB: number): number {
  const [n, fewer] = [onlyA + onlyB, Math.min(onlyA, onlyB)];
  if (onlyA === onlyB) return 1;
  return Math.min(1, 2 * binomialBelow(fewer, n, 0.5) - binomialAt(fewer, n, 0.5));
}
