import { z } from 'zod';
import { networkAttempt } from '../../schema/network.ts';
import { readLines } from '../line-reader.ts';
import type { SentAttempt } from '../sandbox.ts';
import type { Channel } from './channel.ts';

const gatewayLine = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ attempt: networkAttempt, payload: z.base64() }),
  z.strictObject({ settled: z.literal(true), uncounted: z.int().nonnegative() }),
]);
export type GatewayLine = z.infer<typeof gatewayLine>;

/** The lines that a gateway and the host exchange. */
export interface GatewayConnection {
  say(line: string): void;
  /** The next line of this kind; rejects after `ms`, or with what the gateway said when it ended. */
  next(isIt: (line: GatewayLine) => boolean, ms: number): Promise<GatewayLine>;
  /** The attempts that were told since the last time. */
  take(): SentAttempt[];
  readonly isOver: boolean;
  end(): void;
}

interface Waiter {
  isIt(line: GatewayLine): boolean;
  resolve(line: GatewayLine): void;
  reject(error: Error): void;
}

export function gatewayConnection(channel: Channel): GatewayConnection {
  const waiters: Waiter[] = [];
  let attempts: SentAttempt[] = [];
  let complaint = '';

  const hear = (text: string) => {
    const line = gatewayLine.parse(JSON.parse(text));
    if ('attempt' in line) {
      const { attempt, payload } = line;
      attempts.push({ attempt, payload: Buffer.from(payload, 'base64') });
      return;
    }
    const index = waiters.findIndex(({ isIt }) => isIt(line));
    if (index >= 0) waiters.splice(index, 1)[0]?.resolve(line);
  };
  const fail = (error: Error) => {
    for (const waiter of waiters.splice(0)) waiter.reject(error);
  };
  const lines = readLines({
    maxBytes: Number.POSITIVE_INFINITY,
    onLine(text) {
      try {
        hear(text);
      } catch (error) {
        fail(new Error(`it said something else than expected: ${text.slice(0, 200)}`, { cause: error }));
        channel.destroy();
      }
    },
    onDropped() {},
  });
  channel.onOutput((stream, data) => {
    if (stream === 1) lines.push(data);
    else complaint = (complaint + data.toString()).slice(-2000);
  });
  const over = () => new Error(`it ended: ${complaint.trim().split('\n').at(-1) || 'without a word'}`);
  void channel.closed.then(() => fail(over()));

  return {
    say: (line) => channel.write(`${line}\n`),
    next: (isIt, ms) =>
      new Promise((resolve, reject) => {
        if (channel.isClosed) return reject(over());
        const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
        waiters.push({
          isIt,
          resolve: (line) => {
            clearTimeout(timer);
            resolve(line);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        });
      }),
    take: () => {
      const taken = attempts;
      attempts = [];
      return taken;
    },
    get isOver() {
      return channel.isClosed;
    },
    end: () => channel.destroy(),
  };
}
