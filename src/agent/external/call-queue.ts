import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Content } from '../../schema/content.ts';
import type { CalledTool } from '../../schema/decision.ts';

/** What a call is answered with. */
export interface Reply {
  content: Content[];
  isError: boolean;
}

/** A call that waits for its turn or for its answer. */
export interface IncomingCall extends CalledTool {
  answer(reply: Reply): void;
  /** Aborted when its caller waits no longer. */
  gone: AbortSignal;
}

/** Calls that may wait; further ones are answered with an error. */
const maxWaiting = 256;

/** Calls of one decision. */
const maxTogether = 16;

/** Milliseconds within which calls count as one decision. */
const togetherMs = 10;

export const errorReply = (text: string): Reply => ({ content: [{ type: 'text', text }], isError: true });

/** Where calls of a program wait until its agent takes them as a decision. */
export function openCallQueue() {
  const changed = new EventEmitter();
  let waiting: IncomingCall[] = [];
  let ended = false;
  let closing: Reply | undefined;

  return {
    /** Settles when the call is answered. A caller that goes away before its turn is forgotten. */
    arrive(called: CalledTool, signal: AbortSignal): Promise<Reply> {
      if (closing) return Promise.resolve(closing);
      if (waiting.length >= maxWaiting)
        return Promise.resolve(errorReply(`${maxWaiting} calls are waiting already; wait for answers.`));
      return new Promise((answer) => {
        const call: IncomingCall = { ...called, answer, gone: signal };
        waiting.push(call);
        signal.addEventListener('abort', () => {
          waiting = waiting.filter((one) => one !== call);
        });
        changed.emit('change');
      });
    },
    /** The next calls, in the order in which they came; none where no more will come. Rejects when aborted. */
    async take(signal: AbortSignal): Promise<IncomingCall[]> {
      for (;;) {
        signal.throwIfAborted();
        if (waiting.length > 0) {
          await sleep(togetherMs, undefined, { signal });
          const taken = waiting.splice(0, maxTogether);
          if (taken.length > 0) return taken;
        } else {
          if (ended) return [];
          await once(changed, 'change', { signal });
        }
      }
    },
    /** The calls that wait now and are of the same decision as those `taken`. */
    waiting: (taken: number): IncomingCall[] => waiting.splice(0, Math.max(0, maxTogether - taken)),
    /** No more will come: what waits is forgotten. */
    end(): void {
      ended = true;
      waiting = [];
      changed.emit('change');
    },
    /** Answers everything that waits, and all that comes later. */
    close(reply: Reply): void {
      closing = reply;
      for (const call of waiting.splice(0)) call.answer(reply);
    },
  };
}
