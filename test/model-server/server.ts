import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { chunksOf, completionOf } from './completion.ts';
import { message, type Reply } from './reply.ts';

/** A Chat Completions request as it came. */
interface ModelRequest {
  headers: IncomingMessage['headers'];
  model: string;
  stream?: boolean;
  messages: { role: string; content?: unknown; tool_calls?: unknown[]; [key: string]: unknown }[];
  tools?: { function: { name: string } }[];
  [key: string]: unknown;
}

/** Decides what the model answers to its `index`-th request, from 0. */
export type Policy = (request: ModelRequest, index: number) => Reply | Promise<Reply>;

export interface ModelServerOptions {
  /** The only key that is accepted; any where it is missing. */
  key?: string;
  /** Answers JSON also where a stream was asked for. */
  plain?: boolean;
  /** Whether `GET /models` is there. */
  models?: boolean;
}

export interface ModelServer {
  /** What belongs into `OPENAI_BASE_URL`. */
  url: string;
  /** The Chat Completions requests so far. */
  requests: ModelRequest[];
  close(): Promise<void>;
}

/** A small OpenAI-compatible server on the loopback, which answers from a policy. */
export async function startModelServer(
  policy: Policy,
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const { key, plain = false, models = true } = options;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) {
      return sendJson(response, 401, { error: { message: 'Incorrect API key', code: 'invalid_api_key' } });
    }
    if (request.method === 'GET' && request.url === '/v1/models' && models) {
      return sendJson(response, 200, { object: 'list', data: [] });
    }
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      return sendJson(response, 404, { error: { message: `no ${request.method} ${request.url}` } });
    }
    const asked = { ...((await json(request)) as ModelRequest), headers: request.headers };
    const index = requests.push(asked) - 1;
    await send(response, await policy(asked, index), {
      asked,
      index,
      stream: asked.stream === true && !plain,
    });
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Context = { asked: ModelRequest; index: number; stream: boolean };

async function send(
  response: ServerResponse,
  reply: Reply,
  { asked, index, stream }: Context,
): Promise<void> {
  switch (reply.kind) {
    case 'hang':
      if (reply.chunks > 0) await sendChunks(response, unfinished(asked, index).slice(0, reply.chunks));
      return;
    case 'status':
      return sendJson(response, reply.code, reply.body, reply.headers);
    case 'garbage':
      response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
      response.end(stream ? 'data: {"choices": [{"del\n\n' : '{"choices": [{"mess');
      return;
    case 'disconnect':
      await sendChunks(response, unfinished(asked, index).slice(0, reply.chunks));
      response.destroy();
      return;
    case 'message':
      if (!stream) return sendJson(response, 200, completionOf(reply, asked.model, index));
      await sendChunks(response, chunksOf(reply, asked.model, index));
      response.end('data: [DONE]\n\n');
  }
}

const unfinished = ({ model }: ModelRequest, index: number) =>
  chunksOf({ kind: 'message', text: 'a text that is never finished' }, model, index);

async function sendChunks(response: ServerResponse, chunks: object[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const chunk of chunks) {
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    await turn();
  }
}

function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers with these replies in order, then only with text. */
export const inOrder =
  (...replies: Reply[]): Policy =>
  (_, index) =>
    replies[index] ?? message({ text: 'There is nothing more to say.' });
