/** A control line between the bytes of a command's output. */
export interface Frame {
  kind: string;
  numbers: number[];
}

const maxHeaderBytes = 100;

/** Reads one stream in which lines `<nonce> <kind> <number>…\n` stand between arbitrary bytes. Chunks may be split anywhere. */
export function frameReader(
  nonce: string,
  onBytes: (bytes: Buffer) => void,
  onFrame: (frame: Frame) => void,
): (chunk: Buffer) => void {
  const needle = Buffer.from(`${nonce} `);
  let pending: Buffer = Buffer.alloc(0);

  /** What only begins like a frame is output: nothing may make the harness wait for bytes without end. */
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
    pending = pending.subarray(end + 1);
    onFrame({ kind, numbers: words.map(Number) });
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
