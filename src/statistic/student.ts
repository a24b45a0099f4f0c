import { type Bounds, upper } from './confidence.ts';
import { studentQuantile, studentTails } from './distribution.ts';
import { mean, variance } from './mean.ts';

/** A mean with its standard error, Student's two-sided p that it is 0, and its 95 % interval. */
export interface StudentTest extends Bounds {
  mean: number;
  error: number;
  t: number;
  freedom: number;
  p: number;
}

/** Student's t of values that do not depend on each other, such as the differences of paired tasks. */
export function student(values: readonly number[]): StudentTest | undefined {
  return clusteredStudent(values.map((value) => [value]));
}

/**
 * Student's t of values that come in clusters, such as the tasks of one repository, by an error that is robust to them
 * (CR1). Undefined where there are fewer than two clusters, or nothing varies: these tell no error.
 */
export function clusteredStudent(clusters: readonly (readonly number[])[]): StudentTest | undefined {
  const values = clusters.flat();
  if (clusters.length < 2 || values.every((value) => value === values[0])) return undefined;
  const centre = mean(values);
  const squares = clusters.reduce(
    (sum, own) => sum + own.reduce((residue, value) => residue + value - centre, 0) ** 2,
    0,
  );
  const [count, n] = [clusters.length, values.length];
  const error = Math.sqrt((squares * count) / (count - 1)) / n;
  return error > 0 ? studentTest(centre, error, count - 1) : undefined;
}

/** Welch's t for the difference b − a of two means over different tasks, with Satterthwaite's degrees of freedom. */
export function welch(a: readonly number[], b: readonly number[]): StudentTest | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  const [ofA, ofB] = [variance(a) / a.length, variance(b) / b.length];
  if (ofA + ofB === 0) return undefined;
  const freedom = (ofA + ofB) ** 2 / (ofA ** 2 / (a.length - 1) + ofB ** 2 / (b.length - 1));
  return studentTest(mean(b) - mean(a), Math.sqrt(ofA + ofB), freedom);
}

function studentTest(estimate: number, error: number, freedom: number): StudentTest {
  const t = estimate / error;
  const half = studentQuantile(upper, freedom) * error;
  const p = studentTails(t, freedom);
  return { mean: estimate, error, t, freedom, p, low: estimate - half, high: estimate + half };
}
