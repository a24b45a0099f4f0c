import { setTimeout } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import { readLines } from '../sandbox/line-reader.ts';
import type { SpawnedProcess } from '../sandbox/sandbox.ts';
import { type JSONRPCMessage, parseMessage, type Transport } from './mcp.ts';
import { maxLineChars, maxLines, stderrTail } from './stderr-tail.ts';

/** A transport to a program that speaks MCP over its standard streams. */
export interface ProcessTransport extends Transport {
  /** Why the program is gone, with the last line it said on stderr; undefined while it runs, or where we closed it. */
  whyGone(): string | undefined;
  /** A reason with its last stderr line. */
  withStderrTail(why: string): string;
}

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
 * Newline-delimited JSON over a process. Lines that are no messages are reported and passed over; a program that floods is
 * killed. Requests that a dropped line may have answered fail with `{proctor: 'capture-cut'}` in the error's `data`.
 */
export function processTransport(child: SpawnedProcess, options: ProcessTransportOptions): ProcessTransport {
  const { maxMessageBytes, onLine } = options;
  const pending = new Set<string | number>();
  let gone = false;
  let why: string | undefined;
  let garbage = 0;
  let unasked = 0;
  let errorLines = 0;

  const end = (reason?: string) => {
    if (gone) return;
    gone = true;
    why = reason && stderr.after(reason);
    void child.kill().catch(() => {});
    transport.onclose?.();
  };
  const receive = (message: JSONRPCMessage) => {
    if ('id' in message && !('method' in message) && message.id !== undefined) pending.delete(message.id);
    else if (++unasked > maxUnasked) return end(`it sent more than ${maxUnasked} messages unasked`);
    transport.onmessage?.(message);
  };
  const stdout = readLines({
    maxBytes: maxMessageBytes,
    onLine(line) {
      if (gone || line === '') return;
      const message = messageIn(line);
      if (message) return receive(message);
      onLine('stdout', line.slice(0, maxLineChars));
      if (++garbage > maxLines)
        end(`it wrote more than ${maxLines} lines on stdout that are no MCP messages`);
    },
    onDropped() {
      if (pending.size === 0) return end(`it wrote a line of more than ${maxMessageBytes} bytes unasked`);
      const error = {
        code: -32000,
        message: `The answer was longer than ${maxMessageBytes} bytes and was dropped.`,
        data: { proctor: 'capture-cut' },
      };
      for (const id of pending) receive({ jsonrpc: '2.0', id, error });
    },
  });
  const stderr = stderrTail((line) => {
    if (errorLines++ < maxLines) onLine('stderr', line);
  });

  const transport: ProcessTransport = {
    whyGone: () => why,
    withStderrTail: stderr.after,
    async start() {
      child.onStdout((chunk) => stdout.push(chunk));
      child.onStderr((chunk) => stderr.push(chunk));
      void child.exited.then((code) => end(code === null ? 'it ended' : `it ended with exit code ${code}`));
    },
    async send(message) {
      if (gone) throw new Error(why ?? 'it was closed');
      if ('method' in message && 'id' in message) pending.add(message.id);
      try {
        await child.write(Buffer.from(`${JSON.stringify(message)}\n`));
      } catch (error) {
        await Promise.race([child.exited, setTimeout(goodbyeMs, undefined, { ref: false })]);
        end(`it takes no input: ${messageOf(error)}`);
        throw error;
      }
    },
    async close() {
      end();
      await child.kill().catch(() => {});
    },
  };
  return transport;
}

function messageIn(line: string): JSONRPCMessage | undefined {
  try {
    return parseMessage(line);
  } catch {
    return undefined;
  }
}
