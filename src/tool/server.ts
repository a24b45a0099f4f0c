import { ProctorError } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ServerAnswers } from '../schema/environment.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import type { Connection, ConnectOptions } from './mcp.ts';
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

/** The failure of a server: `problem` follows its name. */
export function serverFailed(name: string, problem: string, cause?: unknown): ProctorError {
  return new ProctorError('tool-server-failed', `Tool server "${name}" ${problem}`, { cause });
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

/** Options of `connect` that hand what a server says to the trial, and answer what it asks as its environment says. */
export function connectOptions(
  name: string,
  { signal, startTimeoutMs, notify }: ServerContext,
  answers: ServerAnswers = {},
): ConnectOptions {
  return {
    signal,
    timeoutMs: startTimeoutMs,
    capabilities: clientCapabilities(answers),
    answer: (method, params) => cannedAnswer(method, params, answers),
    onMessage: (method, params) => notify({ server: name, method, params: (params ?? null) as Json }),
  };
}

/** What a server is told that it may ask for: only what has an answer, so that one which can do without does. */
function clientCapabilities({ sampling, elicitation, roots }: ServerAnswers): JsonObject {
  return {
    ...(sampling !== undefined && { sampling: {} }),
    ...(elicitation !== undefined && { elicitation: { form: {} } }),
    ...(roots !== undefined && { roots: {} }),
  };
}

/** The answer that an environment has ready for a server's request; undefined where it has none. The same request gets the same answer. */
function cannedAnswer(
  method: string,
  params: JsonObject,
  { sampling, elicitation, roots }: ServerAnswers,
): JsonObject | undefined {
  switch (method) {
    case 'sampling/createMessage':
      return sampling === undefined ? undefined : completion(sampling);
    case 'elicitation/create':
      return elicitation === undefined ? undefined : elicited(params, elicitation);
    case 'roots/list':
      return roots && { roots: roots.map((path) => ({ uri: `file://${path}`, name: path })) };
    default:
      return undefined;
  }
}

function completion(text: string): JsonObject {
  return { role: 'assistant', model: 'canned', stopReason: 'endTurn', content: { type: 'text', text } };
}

/** Of the values at hand those that are asked for; declined where one is missing that must be there. */
function elicited(params: JsonObject, elicitation: NonNullable<ServerAnswers['elicitation']>): JsonObject {
  if (typeof elicitation === 'string') return { action: elicitation };
  const { properties, required } = (params.requestedSchema ?? {}) as {
    properties?: JsonObject;
    required?: string[];
  };
  if (properties === undefined || required?.some((name) => !(name in elicitation)))
    return { action: 'decline' };
  const wanted = Object.entries(elicitation).filter(([name]) => name in properties);
  return { action: 'accept', content: Object.fromEntries(wanted) as Json };
}
