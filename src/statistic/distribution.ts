/** The standard normal deviate below which a value lies with this probability, between 0 and 1. */
export function normalQuantile(probability: number): number {
  return quantile(probability, normalTail);
}

/** P(Z ≤ z) of a standard normal Z. */
export function normalBelow(z: number): number {
  return z < 0 ? 0.5 - normalTail(-z) : 0.5 + normalTail(z);
}

/** Student's t below which a value lies with this probability, between 0 and 1; `freedom` is at least 1. */
export function studentQuantile(probability: number, freedom: number): number {
  return quantile(probability, (t) => studentTail(t, freedom));
}

/** How likely a value of Student's t is to lie as far from 0 as `t` or farther, on either side. */
export function studentTails(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t ** 2), freedom / 2, 0.5);
}

/** P(X ≤ k) of `n` tries that each succeed with probability `share`. */
export function binomialBelow(k: number, n: number, share: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(1 - share, n - k, k + 1);
}

/** P(X = k) of `n` tries that each succeed with probability `share`. */
export function binomialAt(k: number, n: number, share: number): number {
  if (share <= 0 || share >= 1) return k === (share <= 0 ? 0 : n) ? 1 : 0;
  const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return Math.exp(ways + k * Math.log(share) + (n - k) * Math.log1p(-share));
}

/** ln B(a, b) of the beta function, for a and b above 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Inverts a symmetric distribution by bisection, given how likely a value is to lie between 0 and `x`. */
function quantile(probability: number, between: (x: number) => number): number {
  const target = Math.abs(probability - 0.5);
  let low = 0;
  let high = 1;
  while (between(high) < target && high < Number.MAX_SAFE_INTEGER) high *= 2;
  for (let middle = high / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (between(middle) < target) low = middle;
    else high = middle;
  }
  return probability < 0.5 ? -high : high;
}

/** P(0 < Z < z) by its power series, exact to double precision for z below 8. */
function normalTail(z: number): number {
  if (z >= 8) return 0.5;
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * Number.EPSILON; odd += 2) {
    term *= z ** 2 / odd;
    sum += term;
  }
  return (sum * Math.exp(-(z ** 2) / 2)) / Math.sqrt(2 * Math.PI);
}

/** P(0 < T < t) for Student's t. */
function studentTail(t: number, freedom: number): number {
  return incompleteBeta(t ** 2 / (freedom + t ** 2), 0.5, freedom / 2) / 2;
}

/** The regularized incomplete beta function I_x(a, b), for x from 0 to 1. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b);
  return (Math.exp(front) * betaFraction(x, a, b)) / a;
}

/** The continued fraction of the incomplete beta function, evaluated from the front (Lentz). */
function betaFraction(x: number, a: number, b: number): number {
  const away = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const step of [even, odd]) {
      d = 1 / away(1 + step * d);
      c = away(1 + step / c);
      change = c * d;
      value *= change;
    }
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return value;
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x above 0 (Lanczos, g = 7). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const sum = lanczos.reduce((total, factor, at) => total + (at === 0 ? factor : factor / (x - 1 + at)), 0);
  const base = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}
