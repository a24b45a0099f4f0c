import { ShellThread } from './thread.ts';

/** Where sandboxes have their threads from, and where they leave them. */
export interface ThreadShelf {
  /** Throws `sandbox-failed` where none starts. */
  take(memoryMb: number): Promise<ShellThread>;
  /** Of a sandbox that is closed; no command runs in it. */
  leave(thread: ShellThread): Promise<void>;
  /** Ends the threads that lie here. */
  clear(): Promise<void>;
}

/** A thread of its own for each sandbox. */
export const freshThreads: ThreadShelf = {
  take: (memoryMb) => ShellThread.start(memoryMb),
  leave: (thread) => thread.kill(),
  clear: async () => {},
};

/** The threads of closed sandboxes serve again, which spares most of what a short sandbox costs. */
export function keptThreads(): ThreadShelf {
  const idle: ShellThread[] = [];
  return {
    async take(memoryMb) {
      const at = idle.findLastIndex((thread) => thread.memoryMb === memoryMb);
      const [kept] = at < 0 ? [] : idle.splice(at, 1);
      return kept?.isAlive ? kept : ShellThread.start(memoryMb);
    },
    async leave(thread) {
      thread.onEvent(() => {});
      if (thread.isAlive) idle.push(thread);
    },
    async clear() {
      await Promise.all(idle.splice(0).map((thread) => thread.kill()));
    },
  };
}
