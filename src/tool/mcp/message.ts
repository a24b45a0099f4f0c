import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import { unreadable } from './outcome.ts';

/** Of our requests, which are numbered. */
type Id = string | number;

/** Characters of an answer that are shown where it can't be read. */
const maxShownChars = 200;

/**
 * The JSON-RPC messages of a line: one, or several in a list. An answer that is not as it should be becomes an error of the request it
 * answers, one of those `pending`; `isClean` says whether there was none, and nothing else.
 */
export function readMessages(
  line: string,
  pending: ReadonlySet<Id>,
): { messages: JSONRPCMessage[]; isClean: boolean } {
  const parsed = parsedOf(line);
  const read = [parsed].flat().map((one) => readMessage(one, line, pending));
  const messages = read.flatMap((message) => message ?? []);
  const isClean = parsed !== undefined && read.length > 0 && messages.every((one) => !isFault(one));
  return { messages, isClean: isClean && messages.length === read.length };
}

function readMessage(value: Json | undefined, line: string, pending: ReadonlySet<Id>) {
  const complete = isJsonObject(value) ? { jsonrpc: '2.0', ...value } : value;
  const { data: message } = JSONRPCMessageSchema.safeParse(complete);
  const only = pending.size === 1 ? [...pending][0] : undefined;
  if (message) {
    const isNobodys = 'error' in message && message.id === undefined;
    return isNobodys && only !== undefined ? { ...message, id: only } : message;
  }
  const id = idOf(value, line, only);
  return id !== undefined && pending.has(id) ? faultOf(id, value, line) : undefined;
}

/** The request that an unreadable answer is to: the one it names; an error that names none can only be to the only one. */
function idOf(value: Json | undefined, line: string, only: Id | undefined): Id | undefined {
  if (!isJsonObject(value)) {
    const written = value === undefined ? /^\s*\{.*?"id"\s*:\s*(\d+)/.exec(line)?.[1] : undefined;
    return written === undefined ? undefined : Number(written);
  }
  const { id, error } = value;
  if (id == null) return error === undefined ? undefined : only;
  return typeof id === 'number' || typeof id === 'string' ? Number(id) : undefined;
}

function faultOf(id: Id, value: Json | undefined, line: string): JSONRPCMessage {
  const said = isJsonObject(value) && isJsonObject(value.error) && value.result == null ? value.error : {};
  const { code, message } = said as JsonObject;
  if (typeof code === 'number' || typeof message === 'string') {
    const text = typeof message === 'string' ? message : 'an error without a message';
    return {
      jsonrpc: '2.0',
      id,
      error: { code: Number.isInteger(code) ? Number(code) : -32000, message: text },
    };
  }
  return {
    jsonrpc: '2.0',
    id,
    error: { code: -32000, message: line.slice(0, maxShownChars), data: unreadable },
  };
}

const isFault = (message: JSONRPCMessage) => 'error' in message && message.error.data === unreadable;

function parsedOf(line: string): Json | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
