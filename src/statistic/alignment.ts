/** Two sequences side by side: an entry is null where the other sequence alone has one. */
export interface Alignment<T> {
  score: number;
  pairs: [T | null, T | null][];
}

/**
 * Needleman and Wunsch's alignment of two sequences as a whole: 1 for what is the same, −1 for what is not or stands
 * alone. Where several are as good, rather a pair than an entry of the first alone, and that rather than of the second.
 */
export function align<T extends string>(first: readonly T[], second: readonly T[]): Alignment<T> {
  const [rows, columns] = [first.length, second.length];
  const width = columns + 1;
  const best = new Int32Array((rows + 1) * width);
  const scoreAt = (row: number, column: number) => best[row * width + column] ?? 0;
  const paired = (row: number, column: number) =>
    scoreAt(row - 1, column - 1) + (first[row - 1] === second[column - 1] ? 1 : -1);
  for (let column = 1; column <= columns; column++) best[column] = -column;
  for (let row = 1; row <= rows; row++) {
    best[row * width] = -row;
    for (let column = 1; column <= columns; column++) {
      const alone = Math.max(scoreAt(row - 1, column), scoreAt(row, column - 1)) - 1;
      best[row * width + column] = Math.max(paired(row, column), alone);
    }
  }
  const pairs: Alignment<T>['pairs'] = [];
  let [row, column] = [rows, columns];
  while (row > 0 || column > 0) {
    const score = scoreAt(row, column);
    const isPair = row > 0 && column > 0 && score === paired(row, column);
    const isFirst = !isPair && row > 0 && (column === 0 || score === scoreAt(row - 1, column) - 1);
    if (isPair || isFirst) row--;
    if (isPair || !isFirst) column--;
    pairs.push([isPair || isFirst ? (first[row] ?? null) : null, isFirst ? null : (second[column] ?? null)]);
  }
  return { score: scoreAt(rows, columns), pairs: pairs.reverse() };
}
