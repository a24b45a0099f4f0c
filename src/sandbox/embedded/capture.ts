export interface Capture {
  /** Keeps what fits; false once something did not. */
  add(stream: 'stdout' | 'stderr', data: Uint8Array): boolean;
  stdout(): Buffer;
  stderr(): Buffer;
}

/** Collects both streams of a command up to `limit` bytes together. */
export function createCapture(limit: number): Capture {
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  let room = limit;
  return {
    add(stream, data) {
      const kept = data.subarray(0, room);
      if (kept.byteLength > 0) chunks[stream].push(kept);
      room -= kept.byteLength;
      return kept.byteLength === data.byteLength;
    },
    stdout: () => Buffer.concat(chunks.stdout),
    stderr: () => Buffer.concat(chunks.stderr),
  };
}
