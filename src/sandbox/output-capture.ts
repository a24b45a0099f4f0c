export type OutputStream = 'stdout' | 'stderr';

/** Bytes of a command's output that are kept where nothing else is asked for. */
export const defaultCaptureBytes = 64 * 1024 * 1024;

/** Keeps up to `maxBytes` of both output streams of a command together. */
export class OutputCapture {
  readonly #chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  readonly #onCut: () => void;
  #freeBytes: number;
  #isCut = false;

  /** Calls `onCut` once, when there is more output than fits. */
  constructor(maxBytes: number, onCut: () => void) {
    this.#freeBytes = maxBytes;
    this.#onCut = onCut;
  }

  add(stream: OutputStream, bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#freeBytes);
    if (kept.byteLength > 0) this.#chunks[stream].push(kept);
    this.#freeBytes -= kept.byteLength;
    if (kept.byteLength === bytes.byteLength || this.#isCut) return;
    this.#isCut = true;
    this.#onCut();
  }

  /** What was kept, in the fields of an `ExecResult`. */
  result(): { stdout: Buffer; stderr: Buffer; captureCut: boolean } {
    const { stdout, stderr } = this.#chunks;
    return { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), captureCut: this.#isCut };
  }
}
