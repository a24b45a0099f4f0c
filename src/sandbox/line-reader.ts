/**
 * Splits a stream of chunks into lines. Calls `onLine` for every line, decoded as a whole, so that characters may be split
 * anywhere. A line of more than `maxBytes`, where given, is dropped; `onDropped` is called once for it, as soon as it is too long.
 */
export function readLines(options: { maxBytes?: number; onLine(line: string): void; onDropped?(): void }): {
  push(chunk: Buffer): void;
} {
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  let parts: Buffer[] = [];
  let size = 0;
  let dropping = false;
  const add = (part: Buffer) => {
    if (dropping) return;
    size += part.length;
    parts.push(part);
    if (size <= maxBytes) return;
    dropping = true;
    parts = [];
    options.onDropped?.();
  };
  const end = () => {
    const line = Buffer.concat(parts).toString().replace(/\r$/, '');
    const whole = !dropping;
    parts = [];
    size = 0;
    dropping = false;
    if (whole) options.onLine(line);
  };
  return {
    push(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, start)) {
        add(chunk.subarray(start, at));
        end();
        start = at + 1;
      }
      if (start < chunk.length) add(chunk.subarray(start));
    },
  };
}
