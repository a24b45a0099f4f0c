import type { MessagePort, Worker } from 'node:worker_threads';
import { type ErrorCode, messageOf, ProctorError } from '../errors.ts';

/** What one side of a link answers: a method takes one structured-clonable value, and gives one or throws. */
export type Requests = Record<string, (params: never, signal: AbortSignal) => unknown>;

type Params<R extends Requests, K extends keyof R> = Parameters<R[K]>[0];

interface Failure {
  message: string;
  code?: ErrorCode;
}

type Message =
  | { kind: 'ask'; id: number; method: string; params: unknown }
  | { kind: 'abort'; id: number }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failure'; id: number; failure: Failure };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Requests and answers between two threads, either way. A `ProctorError` keeps its code on the way. */
export class ThreadLink<Theirs extends Requests, Ours extends Requests> {
  readonly #port: MessagePort | Worker;
  readonly #ours: Ours;
  readonly #waiting = new Map<number, Waiting>();
  readonly #answering = new Map<number, AbortController>();
  #asked = 0;
  #cut: Error | undefined;

  constructor(port: MessagePort | Worker, ours: Ours) {
    this.#port = port;
    this.#ours = ours;
    port.on('message', (message: Message) => this.#heard(message));
  }

  /** Whether an answer of the other side is awaited. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Settles with the other side's answer. An abort is passed on; the other side decides what becomes of it. */
  ask<K extends keyof Theirs & string>(
    method: K,
    params: Params<Theirs, K>,
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<Theirs[K]>>> {
    if (this.#cut) return Promise.reject(this.#cut);
    const id = ++this.#asked;
    const abort = () => this.#send({ kind: 'abort', id });
    return new Promise<Awaited<ReturnType<Theirs[K]>>>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#send({ kind: 'ask', id, method, params });
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, { once: true });
    }).finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Asks without waiting for the answer; the other side takes over what is in `transfer`. */
  tell<K extends keyof Theirs & string>(
    method: K,
    params: Params<Theirs, K>,
    transfer: readonly MessagePort[] = [],
  ): void {
    this.#port.postMessage({ kind: 'ask', id: 0, method, params } satisfies Message, transfer);
  }

  /** The other side is gone: whatever waits for it fails with the error, and so does what is asked later. */
  cut(error: Error): void {
    this.#cut ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    for (const controller of this.#answering.values()) controller.abort();
  }

  #send(message: Message): void {
    this.#port.postMessage(message);
  }

  #heard(message: Message): void {
    switch (message.kind) {
      case 'ask':
        void this.#answer(message);
        break;
      case 'abort':
        this.#answering.get(message.id)?.abort();
        break;
      case 'answer':
        this.#taken(message.id)?.resolve(message.value);
        break;
      case 'failure':
        this.#taken(message.id)?.reject(errorOf(message.failure));
    }
  }

  #taken(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  async #answer({ id, method, params }: Extract<Message, { kind: 'ask' }>): Promise<void> {
    const controller = new AbortController();
    if (id > 0) this.#answering.set(id, controller);
    try {
      const value = await this.#ours[method]?.(params as never, controller.signal);
      if (id > 0) this.#send({ kind: 'answer', id, value });
    } catch (error) {
      if (id > 0) this.#send({ kind: 'failure', id, failure: failureOf(error) });
    } finally {
      this.#answering.delete(id);
    }
  }
}

const failureOf = (error: unknown): Failure => ({
  message: messageOf(error),
  ...(error instanceof ProctorError && { code: error.code }),
});

const errorOf = ({ message, code }: Failure): Error =>
  code === undefined ? new Error(message) : new ProctorError(code, message);
