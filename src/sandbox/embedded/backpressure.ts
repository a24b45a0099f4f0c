/** Unread bytes from a thread above which it waits for the reader. */
const maxUnreadBytes = 32 * 1024 * 1024;

// Taken here, because the shell makes the global inaccessible while a script runs.
const { add, load, notify, wait } = Atomics;

/** Keeps a thread from filling the process with messages faster than they are read. */
export class Backpressure {
  /** To be given to the thread. */
  readonly shared: SharedArrayBuffer;
  readonly #unread: Int32Array<SharedArrayBuffer>;

  constructor(shared = new SharedArrayBuffer(4)) {
    this.shared = shared;
    this.#unread = new Int32Array(shared);
  }

  /** In the thread, before `bytes` are posted; blocks until there is space. */
  waitAndAdd(bytes: number): void {
    for (let now = load(this.#unread, 0); now > maxUnreadBytes; now = load(this.#unread, 0)) {
      wait(this.#unread, 0, now);
    }
    add(this.#unread, 0, bytes);
  }

  /** In the reader, once `bytes` were read. */
  wasRead(bytes: number): void {
    add(this.#unread, 0, -bytes);
    notify(this.#unread, 0);
  }
}
