import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  type CallToolResult,
  ErrorCode,
  type JSONRPCMessage,
  McpError,
  ProgressNotificationSchema,
  ResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../schema/json.ts';
import { readAnswer } from './mcp/answer.ts';
import { type CallOutcome, type FailedOutcome, failedOutcome, streamEnded } from './mcp/outcome.ts';
import { type Patience, patience } from './mcp/patience.ts';
import { jsonSchemaValidator, self } from './mcp/self.ts';
import { callAsTask } from './mcp/task.ts';
import { readToolList, type Tool, type ToolList } from './mcp/tool-list.ts';

export type { ClientCredentials } from './mcp/http.ts';
export { httpTransport } from './mcp/http.ts';
export { answerHttp, type Handlers, type InProcessTool, serveTools } from './mcp/serve.ts';
export type { CallOutcome, CallToolResult, JSONRPCMessage, Tool, ToolList, Transport };

const maxTimerMs = 2 ** 31 - 1;
/** Messages nobody asked for, after which a server counts as flooding. */
const maxUnasked = 10_000;
/** Characters of a late answer that are kept. */
const maxLateChars = 2_000;

/** Its methods work without it, so that a wrapper may spread a connection and replace some of them. */
export interface Connection {
  /** Every tool, over all pages. Throws with the reason where there is no list. */
  tools(): Promise<ToolList>;
  /** Whether the server said that its list may change. */
  readonly listChanges: boolean;
  /** `meta` travels beside the arguments; for servers of this process only. Never throws. */
  call(name: string, args: JsonObject, options: ConnectionCall): Promise<CallOutcome>;
  /** Whether the server said that it has some. */
  has(part: 'resources' | 'prompts'): boolean;
  /** Any other request. Never throws. */
  ask(method: string, params: JsonObject, options: ConnectionCall): Promise<CallOutcome<JsonObject>>;
  close(): Promise<void>;
}

export interface ConnectionCall {
  signal: AbortSignal;
  /** Milliseconds without an answer; a server that tells its progress has them anew with each, ten times as long at most. */
  timeoutMs: number;
  meta?: JsonObject;
  /** Called where the server asks to be called later; what is returned is called when that is over. */
  waiting?: () => () => void;
}

export interface ConnectOptions {
  signal: AbortSignal;
  /** Milliseconds for the handshake, and for each page of a list. */
  timeoutMs: number;
  /** What the server is told that it may ask for. */
  capabilities: JsonObject;
  /** The answer to a request of the server; it is refused where there is none. */
  answer(method: string, params: JsonObject): JsonObject | undefined;
  /**
   * Called for every notification and every request; `proctor/answered` for what a request was answered, `proctor/instructions` for what
   * a server says of itself, `proctor/late-answer` for an answer to a call that was given up.
   */
  onMessage(method: string, params: unknown): void;
}

/** Does the handshake over a transport. Throws an error that says in one line why there is no connection. */
export async function connect(transport: Transport, options: ConnectOptions): Promise<Connection> {
  const client = new Client(self, { capabilities: options.capabilities, jsonSchemaValidator });
  const waiting = new Map<string | number, Patience>();
  const gone = listen(client, options, (token) => waiting.get(token)?.progressed());
  const request = requester(client, gone);
  const { signal, timeoutMs } = options;
  try {
    await client.connect(transport, { signal, timeout: timeoutMs });
  } catch (error) {
    throw new Error(reasonOf(failedOutcome(error, false), timeoutMs), { cause: error });
  }
  const instructions = client.getInstructions();
  if (instructions) options.onMessage('proctor/instructions', instructions);
  const offered = client.getServerCapabilities() ?? {};
  const hasTasks = offered.tasks?.requests?.tools?.call !== undefined;
  const needTask = new Set<string>();
  let calls = 0;
  const ask: Connection['ask'] = (method, params, limits) =>
    request(limits, undefined, (options) => client.request({ method, params }, ResultSchema, options));
  const page = async (cursor: string | undefined) => {
    const params = cursor === undefined ? {} : { cursor };
    const listed = await ask('tools/list', params, { signal, timeoutMs });
    if (listed.kind === 'result') return listed.result;
    throw new Error(reasonOf(listed, timeoutMs));
  };
  return {
    async tools() {
      const list = await readToolList(page);
      for (const { name, needsTask } of list.tools) if (needsTask && hasTasks) needTask.add(name);
      return list;
    },
    listChanges: offered.tools?.listChanged === true,
    has: (part) => offered[part] !== undefined,
    async call(name, args, { meta, ...limits }) {
      const progressToken = ++calls;
      const params = { name, arguments: args, _meta: meta ?? { progressToken } };
      const message = { method: 'tools/call', params };
      const begun = (patience: Patience) => void waiting.set(progressToken, patience);
      const outcome = await request(limits, begun, (sent, patience) =>
        needTask.has(name)
          ? callAsTask(client, message, { ...sent, patience, onMessage: options.onMessage })
          : client.request(message, ResultSchema, sent),
      );
      waiting.delete(progressToken);
      if (outcome.kind !== 'result') return outcome;
      const result = readAnswer(outcome.result);
      return result ? { kind: 'result', result } : malformed(outcome.result);
    },
    ask,
    close: () => client.close(),
  };
}

/** Passes on what the server says by itself, and answers what it asks; one that floods is left. Gives why that was. */
function listen(
  client: Client,
  { answer, onMessage }: ConnectOptions,
  progressed: (token: string | number) => void,
): () => string | undefined {
  let unasked = 0;
  let gone: string | undefined;
  const hear = (method: string, params: unknown) => {
    if (gone !== undefined) return;
    onMessage(method, params);
    if (++unasked <= maxUnasked) return;
    gone = `it sent more than ${maxUnasked} messages unasked`;
    void client.close();
  };
  // The SDK drops progress that arrives together with the answer.
  client.setNotificationHandler(ProgressNotificationSchema, ({ method, params }) => {
    const { progressToken, ...progress } = params;
    progressed(progressToken);
    hear(method, progress);
  });
  client.fallbackNotificationHandler = async ({ method, params }) => hear(method, params);
  client.fallbackRequestHandler = async ({ method, params }) => {
    hear(method, params);
    const given = answer(method, (params ?? {}) as JsonObject);
    if (given === undefined) throw new McpError(ErrorCode.MethodNotFound, `Proctor does not offer ${method}`);
    onMessage('proctor/answered', { method, answer: given });
    return given;
  };
  client.onerror = ({ message }) => {
    const [, late] = /^Received a response for an unknown message ID: (.*)/s.exec(message) ?? [];
    if (late !== undefined && !late.includes(JSON.stringify(streamEnded)))
      hear('proctor/late-answer', late.slice(0, maxLateChars));
  };
  return () => gone;
}

/** Makes requests of a client, and says what became of them. */
function requester(client: Client, gone: () => string | undefined) {
  let closed = false;
  client.onclose = () => {
    closed = true;
  };
  return async <R extends JsonObject>(
    { signal, timeoutMs }: Pick<ConnectionCall, 'signal' | 'timeoutMs'>,
    begun: ((patience: Patience) => void) | undefined,
    send: (options: { signal: AbortSignal; timeout: number }, patience: Patience) => Promise<unknown>,
  ): Promise<CallOutcome<R>> => {
    if (signal.aborted) return { kind: 'aborted' };
    if (closed) return { kind: 'lost', message: gone() ?? 'the connection is closed' };
    const time = patience(timeoutMs);
    begun?.(time);
    // The SDK keeps its listener on a signal, so each request has a signal of its own.
    const controller = new AbortController();
    const abort = () => controller.abort(signal.reason);
    const giveUp = () => controller.abort(time.over.reason);
    signal.addEventListener('abort', abort, { once: true });
    time.over.addEventListener('abort', giveUp);
    try {
      const result = await send({ signal: controller.signal, timeout: maxTimerMs }, time);
      return { kind: 'result', result: result as R };
    } catch (error) {
      if (signal.aborted) return { kind: 'aborted' };
      if (time.over.aborted) return { kind: 'timeout' };
      const why = gone();
      return why === undefined ? failedOutcome(error, closed) : { kind: 'lost', message: why };
    } finally {
      time.end();
      signal.removeEventListener('abort', abort);
    }
  };
}

const malformed = (result: JsonObject): CallOutcome => ({
  kind: 'malformed',
  message: JSON.stringify(result).slice(0, 200),
});

/** Why a request failed, in one line. */
function reasonOf(outcome: FailedOutcome, timeoutMs: number): string {
  switch (outcome.kind) {
    case 'timeout':
      return `no answer within ${timeoutMs / 1000} s`;
    case 'aborted':
      return 'it was stopped';
    case 'malformed':
      return `its answer is not what the protocol has: ${outcome.message}`;
    default:
      return outcome.message;
  }
}
