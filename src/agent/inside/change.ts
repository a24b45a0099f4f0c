import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a session waits for: that something happens, or that it fails for good. */
export class Change {
  readonly #events = new EventEmitter().setMaxListeners(0);
  #failure: unknown;

  happened(): void {
    this.#events.emit('change');
  }

  /** Has whoever waits, now or later, throw the first of these errors. */
  failed(error: unknown): void {
    this.#failure ??= error;
    this.happened();
  }

  /** Waits until something changes, or for so long; says whether it did. Throws where the session has failed. */
  async wait(signal: AbortSignal, ms: number | undefined): Promise<boolean> {
    if (this.#failure) throw this.#failure;
    const over = new AbortController();
    const changed = once(this.#events, 'change', { signal: AbortSignal.any([signal, over.signal]) });
    const late = ms === undefined ? new Promise<never>(() => {}) : sleep(ms, 'late', { signal: over.signal });
    changed.catch(() => {});
    late.catch(() => {});
    try {
      const first = await Promise.race([changed, late]);
      if (this.#failure) throw this.#failure;
      return first !== 'late';
    } finally {
      over.abort();
    }
  }
}
