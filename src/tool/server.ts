import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ServerAnswers } from '../schema/environment.ts';
import type { Json } from '../schema/json.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import type { Connection } from './mcp.ts';
import type { ServerNotification } from './toolbox.ts';

/** One MCP server of a trial, connected. */
export interface OpenServer {
  name: string;
  placement: ListedTool['placement'];
  connection: Connection;
  /** Why it is gone, where that is known. */
  whyGone?(): string | undefined;
  /** The state of a host server that declares one. */
  state?(): Promise<Json>;
  close(): Promise<void>;
}

/** What servers are opened with. */
export interface ServerContext {
  /** Absolute path of the environment's folder. */
  dir: string;
  sandbox?: Sandbox;
  seed: string;
  /** ISO 8601. */
  clock: string;
  data: Json;
  signal: AbortSignal;
  notify(notification: ServerNotification): void;
  /** Bytes of one answer that are kept. */
  captureBytes: number;
  /** Milliseconds a server has for each answer of its handshake. */
  startTimeoutMs: number;
}

/** Options of `connect` that hand what a server says to the trial. */
export function connectOptions(
  name: string,
  { signal, startTimeoutMs, notify }: ServerContext,
  answers: ServerAnswers = {},
) {
  return {
    signal,
    answers,
    timeoutMs: startTimeoutMs,
    onMessage: (method: string, params: unknown) =>
      notify({ server: name, method, params: (params ?? null) as Json }),
  };
}
