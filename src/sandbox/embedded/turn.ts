import type PQueue from 'p-queue';
import type { Deadline } from './deadline.ts';
import type { Thread } from './thread.ts';

/** One command's place in the line for interpreters. The command's own clock stands while it waits. */
export function createTurn({ thread, turns }: { thread: Thread; turns: PQueue }, deadline: Deadline) {
  let finish: (() => void) | undefined;
  let ended = false;
  /** The interpreter ended; the command may ask for another. */
  const over = () => {
    finish?.();
    finish = undefined;
  };
  return {
    ask(): void {
      deadline.pause();
      void turns.add(async () => {
        if (ended) return;
        deadline.resume();
        const used = new Promise<void>((resolve) => {
          finish = resolve;
        });
        thread.send({ kind: 'turn' });
        await used;
      });
    },
    over,
    /** The command ended. */
    end(): void {
      ended = true;
      over();
    },
  };
}
