import type { Body } from '../schema/body.ts';
import type { Content, StoredContent } from '../schema/content.ts';
import type { NewTraceEvent, TraceEvent } from '../schema/trace-event.ts';

/** Reads what lies beside a log. Throws `bad-trace` where a body is missing or its digest does not fit. */
export interface BodyReader {
  text(body: Body): string;
  json(body: Body): unknown;
  content(blocks: readonly StoredContent[]): Content[];
}

/** Puts long texts beside the log, secrets replaced. */
export interface BodyWriter {
  text(text: string): Body;
  json(value: unknown): Body;
  content(blocks: readonly Content[]): StoredContent[];
  /** Bytes, given as base64. */
  base64(data: string): Body;
}

/** The only way to write a trace. */
export interface TraceWriter {
  readonly bodies: BodyWriter;
  /** Reads what was written, secrets as they are. */
  readonly written: BodyReader;
  /** Writes one event with write(2) before it returns. Throws `disk-full` or `trace-write-failed`. */
  append(event: NewTraceEvent): TraceEvent;
  /** Begins fsync and does not wait for it; a failure is thrown by the next `append` or by `close`. */
  sync(): void;
  /** Closes the log, when it and its bodies are on the disk, and returns its head. */
  close(): { sha256: string; events: number };
}
