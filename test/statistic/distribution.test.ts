import { describe, expect, it } from 'vitest';
import { normalQuantile, studentQuantile } from '../../src/statistic/distribution.ts';
import golden from './golden.json' with { type: 'json' };

describe('quantiles', () => {
  it.each([
    [0.5, 0],
    [0.8, 0.8416212335729143],
    [0.975, 1.959963984540054],
    [0.999999, 4.753424308822899],
  ])('of the normal distribution at %f are known', (probability, expected) => {
    expect(normalQuantile(probability)).toBeCloseTo(expected, 10);
    expect(normalQuantile(1 - probability)).toBeCloseTo(-expected, 9);
  });

  it.each([
    [1, Math.tan(Math.PI * 0.475)],
    [2, 0.95 / Math.sqrt(2 * 0.975 * 0.025)],
    [1000, 1.9623390808264078],
  ])('of Student’s t with %i degrees of freedom are known', (freedom, expected) => {
    expect(studentQuantile(0.975, freedom)).toBeCloseTo(expected, 10);
    expect(studentQuantile(0.025, freedom)).toBeCloseTo(-expected, 10);
  });

  it.each([golden.paired_t.expect, golden.variant_gap.expect])(
    'of Student’s t give the half-width of a known interval',
    ({ ci, se, diff, df }) => {
      expect(studentQuantile(0.975, df) * se).toBeCloseTo((ci[1] ?? 0) - diff, 10);
    },
  );

  it('of Student’s t come close to the normal distribution’s', () => {
    expect(studentQuantile(0.975, 1e5)).toBeCloseTo(normalQuantile(0.975), 4);
  });
});
