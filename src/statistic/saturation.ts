/** How far a suite still tells the best agents apart. */
export interface Saturation {
  /** Their distance in standard errors. */
  distance: number;
  /** From 0, where they are far apart, to 1, where they are as one. */
  index: number;
  level: 'low' | 'medium' | 'high' | 'very high';
}

/**
 * The saturation index of a suite by the share that its best agent completes of `n` tasks, and that the fifth of them does. Its
 * standard errors are those of √n tasks: tasks of one suite are not as many independent tries as there are of them.
 */
export function saturation(best: number, fifth: number, n: number): Saturation {
  const square = (best * (1 - best) + fifth * (1 - fifth)) / Math.sqrt(n);
  const distance =
    square > 0 ? (best - fifth) / Math.sqrt(square) : best === fifth ? 0 : Number.POSITIVE_INFINITY;
  const index = Math.exp(-(distance ** 2));
  return { distance, index, level: levelOf(index) };
}

function levelOf(index: number): Saturation['level'] {
  if (index > 0.9) return 'very high';
  if (index > 0.7) return 'high';
  return index > 0.3 ? 'medium' : 'low';
}
