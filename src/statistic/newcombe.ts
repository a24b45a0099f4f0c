import type { Bounds } from './confidence.ts';
import { wilson } from './interval.ts';

/** How paired tasks of pass or fail came out: of both agents, of one alone, of neither. */
export interface PairedCounts {
  both: number;
  onlyA: number;
  onlyB: number;
  neither: number;
}

/** Newcombe's 95 % interval (method 10) for the difference b − a of two pass rates over the same tasks, at least one. */
export function newcombePaired({ both, onlyA, onlyB, neither }: PairedCounts): Bounds {
  const n = both + onlyA + onlyB + neither;
  return between(both + onlyA, n, both + onlyB, n, correlation({ both, onlyA, onlyB, neither }));
}

/** Newcombe's 95 % interval for the difference b − a of the pass rates of two agents on different tasks. */
export function newcombe(a: { passed: number; n: number }, b: { passed: number; n: number }): Bounds {
  return between(a.passed, a.n, b.passed, b.n, 0);
}

/** The correlation of two outcomes, adjusted for continuity where it is above 0. */
export function correlation({ both, onlyA, onlyB, neither }: PairedCounts): number {
  const n = both + onlyA + onlyB + neither;
  const product = (both + onlyA) * (onlyB + neither) * (both + onlyB) * (onlyA + neither);
  if (product === 0) return 0;
  const excess = both * neither - onlyA * onlyB;
  return (excess > 0 ? Math.max(0, excess - n / 2) : excess) / Math.sqrt(product);
}

function between(passedA: number, nA: number, passedB: number, nB: number, phi: number): Bounds {
  const [a, b] = [passedA / nA, passedB / nB];
  const [ofA, ofB] = [wilson(passedA, nA), wilson(passedB, nB)];
  const length = (x: number, y: number) => Math.sqrt(Math.max(0, x ** 2 - 2 * phi * x * y + y ** 2));
  return {
    low: b - a - length(b - ofB.low, ofA.high - a),
    high: b - a + length(ofB.high - b, a - ofA.low),
  };
}
