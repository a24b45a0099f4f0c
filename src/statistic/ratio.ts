import { clustersOf } from './cluster.ts';
import { type Bounds, upper } from './confidence.ts';
import { studentQuantile } from './distribution.ts';
import { mean } from './mean.ts';

/** What one unit adds to the sums above and below a ratio. */
export interface RatioUnit {
  over: number;
  under: number;
  cluster?: string | undefined;
}

/**
 * Fieller's 95 % interval of Σ over / Σ under: the ratios r of which Student's t does not say that over − r · under is not 0
 * on average. Unlike the delta method it is skewed as ratios are. Undefined where nothing varies, where there are fewer than two
 * clusters, or where `under` may be 0 on average, so that no ratio is too high.
 */
export function ratioInterval(units: readonly RatioUnit[]): Bounds | undefined {
  const clusters = clustersOf(units, ({ cluster }) => cluster).map((own) => ({
    over: sum(own.map(({ over }) => over)),
    under: sum(own.map(({ under }) => under)),
  }));
  const count = clusters.length;
  if (count < 2) return undefined;
  const x = mean(clusters.map(({ over }) => over));
  const y = mean(clusters.map(({ under }) => under));
  const error = (of: (cluster: { over: number; under: number }) => number) =>
    sum(clusters.map(of)) / (count * (count - 1));
  const t = studentQuantile(upper, count - 1) ** 2;
  const a = y ** 2 - t * error(({ under }) => (under - y) ** 2);
  const b = x * y - t * error(({ over, under }) => (over - x) * (under - y));
  const c = x ** 2 - t * error(({ over }) => (over - x) ** 2);
  const root = Math.sqrt(Math.max(0, b ** 2 - a * c));
  if (a <= 0 || root === 0) return undefined;
  return { low: Math.max(0, (b - root) / a), high: (b + root) / a };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
