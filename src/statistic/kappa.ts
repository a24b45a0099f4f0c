import { total } from './mean.ts';

/**
 * Cohen's kappa of two raters: how far they agree beyond chance. A line of `table` has what the first rater called one thing, a column
 * what the second did. Undefined where both always say the same one thing, so that chance alone agrees.
 */
export function cohenKappa(table: readonly (readonly number[])[]): number | undefined {
  const n = total(table.map(total));
  const agreed = total(table.map((line, at) => line[at] ?? 0)) / n;
  const column = (at: number) => total(table.map((line) => line[at] ?? 0));
  const chance = total(table.map((line, at) => (total(line) * column(at)) / n ** 2));
  return chance === 1 ? undefined : (agreed - chance) / (1 - chance);
}
