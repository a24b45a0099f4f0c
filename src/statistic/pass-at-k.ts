/** pass@k: the chance that at least one of `k` attempts succeeds, from `c` successes of `n`; `k` is at most `n`. */
export function passAtK(n: number, c: number, k: number): number {
  return 1 - passHatK(n, n - c, k);
}

/** pass^k: the chance that all of `k` attempts succeed, from `c` successes of `n`; `k` is at most `n`. */
export function passHatK(n: number, c: number, k: number): number {
  let share = 1;
  for (let i = 0; i < k; i++) share *= Math.max(0, c - i) / (n - i);
  return share;
}
