import { messageOf } from '../errors.ts';
import { readLines } from '../sandbox/line-reader.ts';
import type { SpawnedProcess } from '../sandbox/sandbox.ts';
import { within } from '../sandbox/within.ts';
import { exactJson } from '../schema/exact-json.ts';
import { readMessages } from './mcp/message.ts';
import type { JSONRPCMessage, Transport } from './mcp.ts';

/** Lines of a program that are passed on; a program that says more is heard no longer. */
const maxLines = 1_000;
const maxLineBytes = 64 * 1024;
/** Characters of a line that are shown. */
const maxLineChars = 500;

export interface ProcessTransportOptions {
  /** Bytes of one message that are taken; the answer that a longer one would have been is an error. */
  maxMessageBytes: number;
  /** Lines of stderr, and lines of stdout that are no messages; both up to `maxLines`. */
  onLine(stream: 'stdout' | 'stderr', line: string): void;
}

/** Messages nobody asked for, after which a program counts as flooding, as it does after `maxLines` of garbage on stdout. */
const maxUnasked = 10_000;
/** Milliseconds that a program which takes no more input has to end and tell its exit code. */
const goodbyeMs = 1_000;

/**
 * MCP with a program over its standard streams: newline-delimited JSON. Lines that are no messages are reported and passed over, but for
 * one that is an answer of some kind, which fails its request; a program that floods is killed. Requests that a dropped line may have answered fail with `{proctor: 'capture-cut'}` in the error's `data`.
 */
export class ProcessTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onclose?: Transport['onclose'];
  onerror?: Transport['onerror'];
  readonly #child: SpawnedProcess;
  readonly #options: ProcessTransportOptions;
  readonly #stdout: ReturnType<typeof readLines>;
  readonly #stderr: ReturnType<typeof lineTail>;
  /** Requests without an answer yet. */
  readonly #pending = new Set<string | number>();
  readonly #count = { garbage: 0, unasked: 0 };
  #gone = false;
  #why: string | undefined;

  constructor(child: SpawnedProcess, options: ProcessTransportOptions) {
    this.#child = child;
    this.#options = options;
    this.#stdout = readLines({
      maxBytes: options.maxMessageBytes,
      onLine: (line) => this.#heard(line),
      onDropped: () => this.#dropped(),
    });
    this.#stderr = lineTail((line) => options.onLine('stderr', line));
  }

  /** Why the program is gone, with the last line it said on stderr; undefined while it runs, or where we closed it. */
  whyGone(): string | undefined {
    return this.#why;
  }

  /** A reason with its last stderr line. */
  withStderrTail(why: string): string {
    return this.#stderr.after(why);
  }

  async start(): Promise<void> {
    this.#child.onStdout((chunk) => this.#stdout.push(chunk));
    this.#child.onStderr((chunk) => this.#stderr.push(chunk));
    void this.#child.exited.then((code) => this.#end(endOf(code)));
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#gone) throw new Error(this.#why ?? 'it was closed');
    if ('method' in message && 'id' in message) this.#pending.add(message.id);
    if ('method' in message && message.method === 'notifications/cancelled')
      this.#pending.delete(message.params?.requestId as number);
    try {
      await this.#child.write(Buffer.from(`${exactJson(message)}\n`));
    } catch (error) {
      await within(goodbyeMs, this.#child.exited);
      this.#end(`it takes no input: ${messageOf(error)}`);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#end();
    await this.#child.kill().catch(() => {});
  }

  #heard(line: string): void {
    if (this.#gone || line === '') return;
    const { messages, isClean } = readMessages(line, this.#pending);
    for (const message of messages) this.#receive(message);
    if (isClean) return;
    this.#options.onLine('stdout', line.slice(0, maxLineChars));
    if (++this.#count.garbage > maxLines)
      this.#end(`it wrote more than ${maxLines} lines on stdout that are no MCP messages`);
  }

  #dropped(): void {
    const { maxMessageBytes } = this.#options;
    if (this.#pending.size === 0) this.#end(`it wrote a line of more than ${maxMessageBytes} bytes unasked`);
    const error = {
      code: -32000,
      message: `The answer was longer than ${maxMessageBytes} bytes and was dropped.`,
      data: { proctor: 'capture-cut' },
    };
    for (const id of this.#pending) this.#receive({ jsonrpc: '2.0', id, error });
  }

  #receive(message: JSONRPCMessage): void {
    if ('id' in message && !('method' in message) && message.id !== undefined) {
      this.#pending.delete(Number(message.id));
    } else if (++this.#count.unasked > maxUnasked) {
      this.#end(`it sent more than ${maxUnasked} messages unasked`);
      return;
    }
    this.onmessage?.(message);
  }

  #end(reason?: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#why = reason && this.#stderr.after(reason);
    void this.#child.kill().catch(() => {});
    this.onclose?.();
  }
}

export const endOf = (exitCode: number | null) =>
  exitCode === null ? 'it ended' : `it ended with exit code ${exitCode}`;

/** Reads the lines that a program says on a stream, up to `maxLines`, and remembers the last one. */
export function lineTail(onLine: (line: string) => void): {
  push(chunk: Buffer): void;
  /** A reason with the last line of stderr beside it, where there were any. */
  after(why: string): string;
} {
  let last = '';
  let lines = 0;
  const { push } = readLines({
    maxBytes: maxLineBytes,
    onLine(line) {
      if (line.trim() === '') return;
      last = line.slice(0, maxLineChars);
      if (lines++ < maxLines) onLine(last);
    },
  });
  return { push, after: (why) => (last === '' ? why : `${why}; last stderr line: ${last}`) };
}
