/** Holm's adjusted p values, for verdicts: all of them stand together at the level that each is held to. */
export function holm(ps: readonly number[]): number[] {
  let least = 0;
  return adjusted(ps, ascending(ps), (p, rank) => {
    least = Math.max(least, Math.min(1, (ps.length - rank) * p));
    return least;
  });
}

/** Benjamini and Hochberg's, for exploring: of those that stand, the expected share of false ones is the level. */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  let most = 1;
  return adjusted(ps, ascending(ps).reverse(), (p, rank) => {
    most = Math.min(most, p * (ps.length / (ps.length - rank)));
    return most;
  });
}

const ascending = (ps: readonly number[]) =>
  ps.map((_, at) => at).sort((x, y) => (ps[x] ?? 0) - (ps[y] ?? 0));

function adjusted(
  ps: readonly number[],
  order: readonly number[],
  adjust: (p: number, rank: number) => number,
) {
  const all = new Array<number>(ps.length);
  for (const [rank, at] of order.entries()) all[at] = adjust(ps[at] ?? 1, rank);
  return all;
}
