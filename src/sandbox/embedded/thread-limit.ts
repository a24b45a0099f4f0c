import PQueue from 'p-queue';
import type { ShellThread } from './thread.ts';

/** Keeps the threads of very many sandboxes few: beyond the limit they have threads by turns, each opened anew with its files. */
export class ThreadLimit {
  readonly #most: number;
  readonly #working: PQueue;
  /** Whom to tell that the thread is gone; the one that has rested longest comes first. */
  readonly #resting = new Map<ShellThread, () => void>();

  /** @param most threads that work at a time, and as many that rest; each takes some 16 MB */
  constructor(most = 32) {
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

  /** Where no more may rest: the thread with such a heap that has rested longest, which its sandbox loses. */
  takeOver(memoryMb: number): ShellThread | undefined {
    if (this.#resting.size < this.#most) return undefined;
    const taken = [...this.#resting].find(([thread]) => thread.memoryMb === memoryMb && thread.isAlive);
    return taken && this.#takeFrom(...taken);
  }

  /** Lets a thread rest until it is woken or taken over, which calls `lose`; where too many rest, the longest is ended. */
  async rest(thread: ShellThread, lose: () => void): Promise<void> {
    if (!thread.isAlive) return;
    this.#resting.set(thread, lose);
    const [longest] = this.#resting;
    if (!longest || this.#resting.size <= this.#most) return;
    await this.#takeFrom(...longest).kill();
  }

  #takeFrom(thread: ShellThread, lose: () => void): ShellThread {
    this.#resting.delete(thread);
    lose();
    return thread;
  }
}
