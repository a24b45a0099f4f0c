/** Bytes on their way from a thread before it has to wait for the reader. */
const highWater = 32 * 1024 * 1024;

// Taken at once, because the shell locks the global away from what runs inside a script.
const { add, load, notify, wait } = Atomics;

/** Keeps a thread from filling the process with messages faster than they are read. */
export function createFlow(shared: SharedArrayBuffer = new SharedArrayBuffer(4)) {
  const pending = new Int32Array(shared);
  return {
    shared,
    /** In the thread, before `bytes` are posted. */
    waitAndAdd(bytes: number): void {
      for (let now = load(pending, 0); now > highWater; now = load(pending, 0)) wait(pending, 0, now);
      add(pending, 0, bytes);
    },
    /** In the reader, once `bytes` were read. */
    taken(bytes: number): void {
      add(pending, 0, -bytes);
      notify(pending, 0);
    },
  };
}
