import type { RunningContainer } from './container.ts';

const pingTimeoutMs = 2_000;

type Start = () => Promise<RunningContainer>;

/** Started containers that wait for a trial, by their kind. */
export class ContainerPool {
  readonly #size: number;
  readonly #waiting = new Map<string, Promise<RunningContainer | undefined>[]>();
  #isClosed = false;

  /** `size` is the number of waiting containers of each kind. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Starts containers until `size` of this kind wait. Never rejects. */
  async fill(kind: string, start: Start): Promise<void> {
    const containers = this.#ofKind(kind);
    while (!this.#isClosed && containers.length < this.#size) containers.push(start().catch(() => undefined));
    await Promise.all(containers);
  }

  /** A waiting container that still answers, or a new one. Its place stays empty until the next `fill`. */
  async take(kind: string, start: Start): Promise<RunningContainer> {
    const containers = this.#ofKind(kind);
    while (containers.length > 0) {
      const container = await containers.shift();
      const answers = container?.gateway?.isAlive !== false && (await container?.init.ping(pingTimeoutMs));
      if (container && answers) return container;
      await container?.remove();
    }
    return start();
  }

  /** Removes what still waits. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const left = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    await Promise.all(left.map(async (container) => (await container)?.remove()));
  }

  #ofKind(kind: string) {
    const containers = this.#waiting.get(kind) ?? [];
    this.#waiting.set(kind, containers);
    return containers;
  }
}
