import PQueue from 'p-queue';
import type { ShellThread } from './thread.ts';

/** Keeps the threads of very many sandboxes few: a sandbox whose thread was ended gets another one for its next command. */
export class ThreadLimit {
  readonly #most: number;
  readonly #working: PQueue;
  /** The one that has rested longest comes first. */
  readonly #resting = new Set<ShellThread>();

  /** @param most threads that work at a time, and as many that rest; each takes some 16 MB */
  constructor(most = 48) {
    this.#most = most;
    this.#working = new PQueue({ concurrency: most });
  }

  /** Does work with a thread as soon as there may be one more. */
  work<T>(act: () => Promise<T>): Promise<T> {
    return this.#working.add(act, { throwOnTimeout: true });
  }

  /** Takes a thread back to work; says whether it was still there. */
  wake(thread: ShellThread): boolean {
    return this.#resting.delete(thread) && thread.isAlive;
  }

  /** Lets a thread rest until it is woken; the one that has rested longest is ended where there are too many. */
  async rest(thread: ShellThread): Promise<void> {
    if (!thread.isAlive) return;
    this.#resting.add(thread);
    const [longest] = this.#resting;
    if (!longest || this.#resting.size <= this.#most) return;
    this.#resting.delete(longest);
    await longest.kill();
  }
}
