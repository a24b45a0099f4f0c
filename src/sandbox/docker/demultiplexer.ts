/** The two output streams of a process: 1 is stdout, 2 is stderr. */
export type OutputStream = 1 | 2;

const headerBytes = 8;

/**
 * Takes an engine's multiplexed stream apart. Feed it chunks as they come, split anywhere; `onData` gets each piece of payload
 * in order, without copying. Frame: one byte of stream, three of zero, four of length (big endian), payload.
 */
export function demultiplexer(onData: (stream: OutputStream, data: Buffer) => void): (chunk: Buffer) => void {
  const header = Buffer.alloc(headerBytes);
  let headerFilled = 0;
  let remaining = 0;
  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (remaining === 0) {
        const taken = chunk.copy(header, headerFilled, offset, offset + headerBytes - headerFilled);
        headerFilled += taken;
        offset += taken;
        if (headerFilled < headerBytes) return;
        headerFilled = 0;
        remaining = header.readUInt32BE(4);
        continue;
      }
      const data = chunk.subarray(offset, offset + remaining);
      offset += data.length;
      remaining -= data.length;
      onData(header[0] === 2 ? 2 : 1, data);
    }
  };
}
