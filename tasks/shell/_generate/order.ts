/** Compares texts by their bytes, as `LC_ALL=C sort` does where they are ASCII. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Lines of a file. */
export const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
