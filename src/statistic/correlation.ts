import { mean } from './mean.ts';

/** Pearson's correlation of as many values each, −1 to 1; undefined where one of both does not vary. */
export function correlationOf(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length < 2) return undefined;
  const [centreA, centreB] = [mean(a), mean(b)];
  let [together, ownA, ownB] = [0, 0, 0];
  for (const [at, value] of a.entries()) {
    const [x, y] = [value - centreA, (b[at] ?? 0) - centreB];
    together += x * y;
    ownA += x * x;
    ownB += y * y;
  }
  return ownA > 1e-12 && ownB > 1e-12 ? together / Math.sqrt(ownA * ownB) : undefined;
}
