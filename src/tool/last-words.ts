import { readLines } from '../sandbox/line-reader.ts';

/** Lines of a program that are passed on; a program that says more is heard no longer. */
export const mostLines = 1_000;
const longestLine = 64 * 1024;
/** Characters of a line that are shown. */
export const shownLength = 500;

/** Reads what a program says on stderr and remembers its last line. */
export function lastWords(onLine: (line: string) => void): {
  push(chunk: Buffer): void;
  /** A reason with the last words beside it, where there were any. */
  after(why: string): string;
} {
  let last = '';
  const { push } = readLines({
    maxBytes: longestLine,
    onLine(line) {
      if (line.trim() === '') return;
      last = line.slice(0, shownLength);
      onLine(line);
    },
    onDropped: () => {},
  });
  return { push, after: (why) => (last === '' ? why : `${why}; its last words: ${last}`) };
}
