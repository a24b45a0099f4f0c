/** A control line between the bytes of a command's output. */
export interface Frame {
  kind: string;
  numbers: number[];
}

export interface FrameListener {
  onBytes(bytes: Buffer): void;
  onFrame(frame: Frame): void;
}

const maxHeaderBytes = 100;

/** Parses a stream in which lines `<nonce> <kind> <number>…\n` stand between arbitrary bytes. Chunks may be split anywhere. */
export class FrameParser {
  readonly #start: Buffer;
  readonly #listener: FrameListener;
  #pending: Buffer = Buffer.alloc(0);

  constructor(nonce: string, listener: FrameListener) {
    this.#start = Buffer.from(`${nonce} `);
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const frameAt = this.#pending.indexOf(this.#start);
      this.#passOn(frameAt < 0 ? Math.max(0, this.#pending.length - this.#start.length + 1) : frameAt);
      if (frameAt < 0 || !this.#takeFrame()) return;
    }
  }

  /** Gives the first `count` pending bytes to the listener, as output. */
  #passOn(count: number): void {
    if (count > 0) this.#listener.onBytes(this.#pending.subarray(0, count));
    this.#pending = this.#pending.subarray(count);
  }

  /** Takes the frame at the start of the pending bytes; false where its end has not arrived. */
  #takeFrame(): boolean {
    const end = this.#pending.indexOf(10, this.#start.length);
    const headerBytes = (end < 0 ? this.#pending.length : end) - this.#start.length;
    if (headerBytes > maxHeaderBytes) {
      // What only begins like a frame is output, so that nobody waits for bytes without end.
      this.#passOn(this.#start.length);
      return true;
    }
    if (end < 0) return false;
    const [kind = '', ...words] = this.#pending.toString('latin1', this.#start.length, end).split(' ');
    this.#pending = this.#pending.subarray(end + 1);
    this.#listener.onFrame({ kind, numbers: words.map(Number) });
    return true;
  }
}
