/** A control frame between the bytes of a command's output. */
export interface Frame {
  kind: string;
  numbers: number[];
  payload: Buffer;
}

const maxHeaderBytes = 100;
const maxPayloadBytes = 8 * 1024 * 1024;

/** How many of a frame's numbers are lengths of its payload, from the last one back. */
const payloadParts: Record<string, number> = { initial: 1, state: 2 };

/**
 * Reads one stream in which frames stand between arbitrary bytes. A frame is `<nonce> <kind> <number>…\n` and, for kinds with
 * a payload, as many bytes as its lengths add up to. Chunks may be split anywhere.
 */
export function frameReader(
  nonce: string,
  onBytes: (bytes: Buffer) => void,
  onFrame: (frame: Frame) => void,
): (chunk: Buffer) => void {
  const needle = Buffer.from(`${nonce} `);
  let pending: Buffer = Buffer.alloc(0);

  /** What only begins like a frame is output: nothing may make the house wait for bytes without end. */
  const giveUp = (): boolean => {
    onBytes(pending.subarray(0, needle.length));
    pending = pending.subarray(needle.length);
    return true;
  };

  const takeFrame = (): boolean => {
    const end = pending.indexOf(10, needle.length);
    const headerBytes = (end < 0 ? pending.length : end) - needle.length;
    if (headerBytes > maxHeaderBytes) return giveUp();
    if (end < 0) return false;
    const [kind = '', ...words] = pending.toString('latin1', needle.length, end).split(' ');
    const numbers = words.map(Number);
    const parts = payloadParts[kind] ?? 0;
    const length = parts === 0 ? 0 : numbers.slice(-parts).reduce((sum, part) => sum + part, 0);
    if (!(length <= maxPayloadBytes)) return giveUp();
    if (pending.length < end + 1 + length) return false;
    onFrame({ kind, numbers, payload: Buffer.from(pending.subarray(end + 1, end + 1 + length)) });
    pending = pending.subarray(end + 1 + length);
    return true;
  };

  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const start = pending.indexOf(needle);
      const clear = start < 0 ? Math.max(0, pending.length - needle.length + 1) : start;
      if (clear > 0) onBytes(pending.subarray(0, clear));
      pending = pending.subarray(clear);
      if (start < 0 || !takeFrame()) return;
    }
  };
}
