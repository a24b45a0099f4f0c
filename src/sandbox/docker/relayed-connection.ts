import { Duplex } from 'node:stream';
import type { RelayFrame, relayFrame } from './relay-frame.ts';

/** Bytes that may be on their way to the relay before it asked for more; as in its program. */
const windowBytes = 256 * 1024;
const maxDataBytes = 64 * 1024;

type Send = (...frame: Parameters<typeof relayFrame>) => void;

/** One connection that a program in the sandbox made, from the side that it is connected to. */
export class RelayedConnection extends Duplex {
  readonly #id: number;
  readonly #send: Send;
  #credit = windowBytes;
  /** Bytes that the reader has no room for yet. */
  #unread = 0;
  #wanted: (() => void) | undefined;
  #isGone = false;

  constructor(id: number, send: Send) {
    super({ allowHalfOpen: true });
    this.#id = id;
    this.#send = send;
    // Whoever takes the connection may listen too; without anyone, a program that hangs up must not end this process.
    this.on('error', () => {});
  }

  /** What the relay says of this connection. */
  receive({ kind, payload }: RelayFrame): void {
    if (kind === 'D') {
      this.#unread += payload.length;
      if (this.push(payload)) this.#askForMore();
    } else if (kind === 'E') this.push(null);
    else if (kind === 'W') {
      this.#credit += payload.readUInt32BE();
      this.#wanted?.();
    } else if (kind === 'R') this.cut();
  }

  /** Ends it at once; nothing is sent. */
  cut(): void {
    this.#isGone = true;
    this.destroy();
  }

  override _read(): void {
    this.#askForMore();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    let left = chunk;
    const sendSome = () => {
      this.#wanted = undefined;
      while (left.length > 0 && this.#credit > 0) {
        const part = left.subarray(0, Math.min(maxDataBytes, this.#credit));
        left = left.subarray(part.length);
        this.#credit -= part.length;
        this.#send('D', this.#id, part);
      }
      if (left.length === 0) done();
      else this.#wanted = sendSome;
    };
    sendSome();
  }

  override _final(done: () => void): void {
    this.#send('E', this.#id);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const isOver = this.#isGone || (this.readableEnded && this.writableFinished);
    if (!isOver) this.#send('R', this.#id);
    this.#isGone = true;
    done(error);
  }

  #askForMore(): void {
    if (this.#unread === 0 || this.#isGone) return;
    this.#send('W', this.#id, this.#unread);
    this.#unread = 0;
  }
}
