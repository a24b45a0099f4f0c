/** Trials of one agent at one task: how many, how many passed, and how likely each was to. */
export interface RepeatedTrials {
  n: number;
  passed: number;
  likely: number;
}

/**
 * How alike trials of one agent at one task are (intraclass correlation): 0 where they vary as those of different tasks of the same
 * chance would, 1 where all go the same way. Undefined where nothing was tried twice. `fitted` is how many values `likely` was fitted by.
 */
export function likenessOf(cells: readonly RepeatedTrials[], fitted: number): number | undefined {
  const repeated = cells.filter(({ n }) => n > 1);
  if (repeated.length === 0) return undefined;
  const sum = (of: (cell: RepeatedTrials) => number) => repeated.reduce((all, cell) => all + of(cell), 0);
  const alone = sum(({ n, likely }) => n * likely * (1 - likely));
  const together = sum(({ n, likely }) => n * (n - 1) * likely * (1 - likely));
  const freedom = Math.max(0.5, 1 - fitted / cells.length);
  const seen = sum(({ n, passed, likely }) => (passed - n * likely) ** 2) / freedom;
  return Math.min(1, Math.max(0, (seen - alone) / together));
}

/** As many trials of different tasks tell as much as `n` trials of one. */
export function effectiveTrials(n: number, alike: number): number {
  return n / (1 + (n - 1) * alike);
}
