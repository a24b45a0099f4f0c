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

/** The expected lowest of `k` scores, drawn from these without putting them back; `k` is at most their number. */
export function worstAtK(scores: readonly number[], k: number): number {
  return -bestAtK(
    scores.map((score) => -score),
    k,
  );
}

/** The expected highest of `k` scores, drawn from these without putting them back; `k` is at most their number. */
export function bestAtK(scores: readonly number[], k: number): number {
  const n = scores.length;
  const falling = [...scores].sort((x, y) => y - x);
  let [expected, share] = [0, k / n];
  for (const [at, score] of falling.entries()) {
    expected += share * score;
    share *= (n - at - k) / (n - at - 1) || 0;
  }
  return expected;
}
