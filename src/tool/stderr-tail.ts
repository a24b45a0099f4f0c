import { readLines } from '../sandbox/line-reader.ts';

/** Lines of a program that are passed on; a program that says more is heard no longer. */
export const maxLines = 1_000;
const maxLineBytes = 64 * 1024;
/** Characters of a line that are shown. */
export const maxLineChars = 500;

/** Reads what a program says on stderr and remembers its last line. */
export function stderrTail(onLine: (line: string) => void): {
  push(chunk: Buffer): void;
  /** A reason with the last stderr line beside it, where there were any. */
  after(why: string): string;
} {
  let last = '';
  const { push } = readLines({
    maxBytes: maxLineBytes,
    onLine(line) {
      if (line.trim() === '') return;
      last = line.slice(0, maxLineChars);
      onLine(line);
    },
    onDropped: () => {},
  });
  return { push, after: (why) => (last === '' ? why : `${why}; last stderr line: ${last}`) };
}
