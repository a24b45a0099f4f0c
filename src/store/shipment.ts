import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, ProctorError } from '../errors.ts';
import type { Head } from '../trace/chain.ts';
import type { Seal } from './shipped-trial.ts';

/** Ships a trial's trace while it grows. What it ships is on this machine's disk before. */
export interface Shipment {
  /** Says that the trace has grown; to be called after every event. */
  grown(): void;
  /** Aborted with a `store-failed` when events wait for longer than they may: the trial is to end with that error. */
  readonly failed: AbortSignal;
  /** Ships what is left of a trace that was closed, and its head. Throws `store-failed` where that can't be done in time. */
  seal(head: Head): Promise<void>;
  /** Ships no more, not even what is written already: the trial is another's. */
  stop(): void;
}

export interface ShipmentParts {
  /** `<run>/<trial>`, for messages. */
  name: string;
  /** The log of the trace. */
  log: string;
  /** Milliseconds for which events are gathered before they are shipped together. */
  gatherMs: number;
  /** Milliseconds for which an event may wait until it is stored. */
  patienceMs: number;
  /** Bytes after which a piece ends with its line. */
  pieceBytes: number;
  /** Stores a piece and the bodies it names. */
  putPiece(piece: number, lines: Buffer): Promise<void>;
  putSeal(seal: Seal): Promise<void>;
}

/** Milliseconds between the first two tries; doubled up to the last. */
const [firstPauseMs, lastPauseMs] = [200, 5_000];

export function openShipment(parts: ShipmentParts): Shipment {
  const { log, gatherMs, patienceMs, pieceBytes } = parts;
  const failure = new AbortController();
  const stopping = new AbortController();
  const over = AbortSignal.any([failure.signal, stopping.signal]);
  let pieces = 0;
  let bytes = 0;
  /** When the oldest event was written that is not stored yet. */
  let waitingSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let shipping: Promise<void> | undefined;

  /** Tries until it is done, or nothing more is to be shipped. */
  async function untilDone(action: () => Promise<void>, since: number): Promise<void> {
    const tooLate = AbortSignal.timeout(Math.ceil(Math.max(1, since + patienceMs - performance.now())));
    const signal = AbortSignal.any([tooLate, over]);
    let last: unknown;
    for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(lastPauseMs, 2 * pause)) {
      try {
        return await orAborted(action(), signal);
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof ProctorError)) throw error;
        last = error;
        await sleep(pause, undefined, { signal }).catch(() => {});
      }
    }
    if (over.aborted) return;
    const why = last === undefined ? 'the store did not answer' : messageOf(last);
    throw new ProctorError(
      'store-failed',
      `${parts.name}: its events could not be shipped within ${patienceMs / 1000} s: ${why}`,
      { cause: last },
    );
  }

  async function shipAll(): Promise<void> {
    while (!over.aborted) {
      const since = waitingSince ?? performance.now();
      waitingSince = undefined;
      const { lines, more } = await readPiece(log, bytes, pieceBytes).catch((error) => {
        throw new ProctorError(
          'trace-write-failed',
          `${log}: can't be read to be shipped: ${messageOf(error)}`,
        );
      });
      if (lines.length === 0) return;
      if (more) waitingSince = since;
      await untilDone(() => parts.putPiece(pieces + 1, lines), since);
      pieces += 1;
      bytes += lines.length;
    }
  }

  function begin(): void {
    timer = undefined;
    shipping = shipAll()
      .catch((error) => failure.abort(error))
      .finally(() => {
        shipping = undefined;
        if (waitingSince !== undefined) schedule();
      });
  }

  function schedule(): void {
    if (timer || shipping || over.aborted) return;
    timer = setTimeout(begin, gatherMs);
  }

  return {
    failed: failure.signal,
    grown() {
      waitingSince ??= performance.now();
      schedule();
    },
    async seal(head) {
      clearTimeout(timer);
      timer = undefined;
      await shipping;
      clearTimeout(timer);
      await shipAll();
      await untilDone(() => parts.putSeal({ head, pieces }), performance.now());
      over.throwIfAborted();
    },
    stop() {
      clearTimeout(timer);
      stopping.abort(new ProctorError('interrupted', `${parts.name}: is another worker's`));
    },
  };
}

/** What a promise gives, or the reason of a signal that is aborted before. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal }),
  );
  return Promise.race([promise, aborted]).finally(() => settled.abort());
}

/** Whole lines of a log from a byte on, which are on the disk; at least one line, if there is one, and whether there is more. */
async function readPiece(log: string, from: number, most: number): Promise<{ lines: Buffer; more: boolean }> {
  const file = await open(log);
  try {
    await file.datasync();
    const { size } = await file.stat();
    for (let length = most; ; length *= 2) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(Math.min(length, size - from)), {
        position: from,
      });
      const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
      if (end > 0 || from + bytesRead >= size)
        return { lines: buffer.subarray(0, end), more: end > 0 && from + end < size };
    }
  } finally {
    await file.close();
  }
}
