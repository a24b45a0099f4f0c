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

const maxErrorChars = 2_000;

interface Waiter {
  matches(line: GatewayLine): boolean;
  resolve(line: GatewayLine): void;
  reject(error: Error): void;
  timer?: NodeJS.Timeout;
}

/** The lines that a gateway and the host exchange. */
export class GatewayConnection {
  readonly #channel: Channel;
  readonly #waiters = new Set<Waiter>();
  #attempts: SentAttempt[] = [];
  #stderr = '';

  constructor(channel: Channel) {
    this.#channel = channel;
    const { push } = readLines({
      maxBytes: Number.POSITIVE_INFINITY,
      onLine: (text) => this.#onLine(text),
      onDropped: () => {},
    });
    channel.onOutput((stream, data) => {
      if (stream === 'stdout') push(data);
      else this.#stderr = (this.#stderr + data.toString()).slice(-maxErrorChars);
    });
    void channel.closed.then(() => this.#fail(this.#endedError()));
  }

  get isClosed(): boolean {
    return this.#channel.isClosed;
  }

  send(line: string): void {
    this.#channel.write(`${line}\n`);
  }

  /** The next line that matches; rejects after `timeoutMs`, or with the gateway's last line of stderr when it ended. */
  next(matches: (line: GatewayLine) => boolean, timeoutMs: number): Promise<GatewayLine> {
    if (this.#channel.isClosed) return Promise.reject(this.#endedError());
    return new Promise<GatewayLine>((resolve, reject) => {
      const waiter: Waiter = { matches, resolve, reject };
      // It stays among the waiters, so that a late answer is not taken for the next one's.
      waiter.timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** The attempts that were reported since the last call. */
  takeAttempts(): SentAttempt[] {
    return this.#attempts.splice(0);
  }

  close(): void {
    this.#channel.destroy();
  }

  #onLine(text: string): void {
    try {
      this.#take(gatewayLine.parse(JSON.parse(text)));
    } catch (error) {
      this.#fail(new Error(`it sent an unexpected line: ${text.slice(0, 200)}`, { cause: error }));
      this.#channel.destroy();
    }
  }

  #take(line: GatewayLine): void {
    if ('attempt' in line) {
      const { attempt, payload } = line;
      this.#attempts.push({ attempt, payload: Buffer.from(payload, 'base64') });
      return;
    }
    const waiter = [...this.#waiters].find(({ matches }) => matches(line));
    if (!waiter) return;
    this.#settle(waiter);
    waiter.resolve(line);
  }

  #fail(error: Error): void {
    for (const waiter of this.#waiters) {
      this.#settle(waiter);
      waiter.reject(error);
    }
  }

  #settle(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    this.#waiters.delete(waiter);
  }

  #endedError(): Error {
    return new Error(`it ended: ${this.#stderr.trim().split('\n').at(-1) || 'without an error message'}`);
  }
}
