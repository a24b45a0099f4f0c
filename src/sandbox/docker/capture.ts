import type { OutputStream } from './demultiplexer.ts';

/** The kept output of one command. */
export interface Capture {
  add(stream: OutputStream, bytes: Buffer): void;
  bytes(stream: OutputStream): Buffer;
  isCut(): boolean;
}

/** Keeps up to `limit` bytes of both streams together and calls `onCut` once when there was more. */
export function capture(limit: number, onCut: () => void): Capture {
  const chunks: Record<OutputStream, Buffer[]> = { 1: [], 2: [] };
  let room = limit;
  let cut = false;
  return {
    add: (stream, bytes) => {
      const kept = bytes.subarray(0, room);
      if (kept.length > 0) chunks[stream].push(kept);
      room -= kept.length;
      if (kept.length < bytes.length && !cut) {
        cut = true;
        onCut();
      }
    },
    bytes: (stream) => Buffer.concat(chunks[stream]),
    isCut: () => cut,
  };
}
