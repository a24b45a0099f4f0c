import type { RunningContainer } from './container.ts';

/** Started containers that wait for a trial, by what they are. */
export interface Pool {
  /** Starts containers until `size` of this kind wait. Never rejects. */
  fill(key: string, start: () => Promise<RunningContainer>): Promise<void>;
  /** A waiting container that still answers, or a new one. Its place stays empty until the next `fill`. */
  take(key: string, start: () => Promise<RunningContainer>): Promise<RunningContainer>;
  /** Removes what still waits. */
  close(): Promise<void>;
}

const pingMs = 2_000;

export function pool(size: number): Pool {
  const waiting = new Map<string, Promise<RunningContainer | undefined>[]>();
  let closed = false;

  const shelf = (key: string) => {
    const found = waiting.get(key) ?? [];
    waiting.set(key, found);
    return found;
  };

  return {
    fill: async (key, start) => {
      const containers = shelf(key);
      while (!closed && containers.length < size) containers.push(start().catch(() => undefined));
      await Promise.all(containers);
    },
    take: async (key, start) => {
      const containers = shelf(key);
      while (containers.length > 0) {
        const container = await containers.shift();
        const answers = container?.gateway?.isAlive !== false && (await container?.init.ping(pingMs));
        if (container && answers) return container;
        await container?.remove();
      }
      return start();
    },
    close: async () => {
      closed = true;
      const left = [...waiting.values()].flat();
      waiting.clear();
      await Promise.all(left.map(async (container) => (await container)?.remove()));
    },
  };
}
