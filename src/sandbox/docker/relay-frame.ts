/** What a frame says; the relay's program tells what each means. */
export type RelayFrameKind = 'L' | 'C' | 'F' | 'O' | 'D' | 'E' | 'R' | 'W';

export interface RelayFrame {
  kind: RelayFrameKind;
  id: number;
  payload: Buffer;
}

const headerBytes = 9;

export function relayFrame(kind: RelayFrameKind, id: number, payload: Uint8Array | number = Buffer.alloc(0)) {
  const bytes = typeof payload === 'number' ? numberBytes(payload) : payload;
  const header = Buffer.alloc(headerBytes);
  header.write(kind, 'latin1');
  header.writeUInt32BE(id, 1);
  header.writeUInt32BE(bytes.length, 5);
  return Buffer.concat([header, bytes]);
}

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Takes chunks that may be split anywhere; gives whole frames in order. */
export function relayFrames(onFrame: (frame: RelayFrame) => void): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= headerBytes) {
      const end = headerBytes + pending.readUInt32BE(5);
      if (pending.length < end) return;
      const kind = pending.toString('latin1', 0, 1) as RelayFrameKind;
      const frame = { kind, id: pending.readUInt32BE(1), payload: pending.subarray(headerBytes, end) };
      pending = pending.subarray(end);
      onFrame(frame);
    }
  };
}
