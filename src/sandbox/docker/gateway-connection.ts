import { z } from 'zod';
import { networkAttempt } from '../../schema/network.ts';
import { readLines } from '../line-reader.ts';
import type { SentAttempt } from '../sandbox.ts';
import { within } from '../within.ts';
import type { Channel } from './channel.ts';

const gatewayLine = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ attempt: networkAttempt, payload: z.base64() }),
  z.strictObject({ settled: z.literal(true), uncounted: z.int().nonnegative() }),
]);
export type GatewayLine = z.infer<typeof gatewayLine>;

const maxErrorChars = 2_000;

interface Waiter {
  resolve(line: GatewayLine): void;
  reject(error: Error): void;
}

/** The lines that a gateway and the host exchange. */
export class GatewayConnection {
  readonly #channel: Channel;
  /** In the order in which they are answered. */
  readonly #waiters: Waiter[] = [];
  #attempts: SentAttempt[] = [];
  #stderr = '';

  constructor(channel: Channel) {
    this.#channel = channel;
    const { push } = readLines({ onLine: (text) => this.#onLine(text) });
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

  /** The answer to what was asked, after those to earlier questions; rejects after `timeoutMs`, or with the gateway's last line of stderr when it ended. */
  async next(timeoutMs: number): Promise<GatewayLine> {
    if (this.#channel.isClosed) throw this.#endedError();
    // It stays among the waiters, so that a late answer is not taken for the next one's.
    const answer = new Promise<GatewayLine>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    const line = await within(timeoutMs, answer);
    if (line) return line;
    throw new Error(`no answer within ${timeoutMs} ms`);
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
    } else this.#waiters.shift()?.resolve(line);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }

  #endedError(): Error {
    return new Error(`it ended: ${this.#stderr.trim().split('\n').at(-1) || 'without an error message'}`);
  }
}
