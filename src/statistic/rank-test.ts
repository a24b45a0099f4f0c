/** How likely it is that one value is as high among others that it belongs to: the share of all of them that are no lower. */
export function rankChance(value: number, others: readonly number[]): number {
  return (1 + others.filter((other) => other >= value).length) / (others.length + 1);
}

/** Fisher's p of several independent p values above 0 together: −2·Σ ln p is χ² with twice as many degrees of freedom. */
export function fisherTogether(ps: readonly number[]): number {
  const half = -ps.reduce((sum, p) => sum + Math.log(p), 0);
  let [term, sum] = [1, 1];
  for (let at = 1; at < ps.length; at++) {
    term *= half / at;
    sum += term;
  }
  return Math.min(1, Math.exp(-half) * sum);
}
