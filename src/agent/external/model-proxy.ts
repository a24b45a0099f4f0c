import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../../errors.ts';
import { type JsonObject, parseJsonObject } from '../../schema/json.ts';
import type { DecideOptions } from '../agent.ts';
import { answerUse, type ModelUse, responseUse } from '../openai/model-use.ts';
import { readAnswer } from '../openai/request.ts';
import { type Failure, failureOfAnswer, failureOfConnection } from '../openai/retry.ts';

/** Where model calls are forwarded to. */
export interface ModelEndpoint {
  /** Such as `http://127.0.0.1:8000/v1`. */
  baseUrl: string;
  /** Never shown to the program. */
  apiKey: string;
}

/** One model call of the program. */
export interface ModelCall {
  request: JsonObject;
  /** Absent where the endpoint gave no answer that could be read. */
  use?: ModelUse;
  /** Why the endpoint gave no answer; absent where it did, and where the program itself went away. */
  failure?: Failure;
}

export interface ModelProxyParts {
  token: string;
  /** Milliseconds without a byte after which the endpoint counts as hanging. */
  idleMs: number;
  /** Called with each call when it was answered, before the program has the whole answer. */
  heard(call: ModelCall): void;
  reserve: NonNullable<DecideOptions['reserve']>;
  waiting: NonNullable<DecideOptions['waiting']>;
  costOf(use: ModelUse): number | undefined;
}

/** The paths that are forwarded: what is added to a request for a stream, and how tokens are read from the answer. */
const calls: Record<string, { streamed: JsonObject; took(answer: Response): Promise<ModelUse> }> = {
  '/v1/chat/completions': {
    streamed: { stream_options: { include_usage: true } },
    took: async (answer) => answerUse(await readAnswer(answer, new AbortController())),
  },
  '/v1/responses': { streamed: {}, took: responseUse },
};

/**
 * Forwards requests of Chat Completions and of the Responses API with the real key. A request that the run has no money left for is
 * refused with status 402, and one that the endpoint leaves unanswered with 502 or 504.
 */
export async function openModelProxy(
  endpoint: ModelEndpoint,
  { token, idleMs, heard, reserve, waiting, costOf }: ModelProxyParts,
): Promise<{ url: string; close(): Promise<void> }> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.authorization !== `Bearer ${token}`)
      return refuse(response, 401, 'the key is not the one in OPENAI_API_KEY');
    if (request.method === 'GET' && request.url === '/v1/models')
      return relay(await ask(endpoint, '/models'), response);
    const { method, url = '' } = request;
    if (method !== 'POST' || !Object.hasOwn(calls, url)) {
      const forwarded = Object.keys(calls).join(' and ');
      return refuse(response, 404, `only ${forwarded} are forwarded, not ${method} ${url}`);
    }
    await forward(url, await text(request), response);
  };

  const forward = async (url: string, body: string, response: ServerResponse): Promise<void> => {
    const asked = parseJsonObject(body);
    const call = calls[url];
    if (!asked || !call) return refuse(response, 400, 'the request is no JSON object');
    const settle = await reserve().catch(() => undefined);
    if (!settle) return refuse(response, 402, 'the budget of the run is spent');
    const left = new AbortController();
    response.on('close', () => left.abort());
    const sent = asked.stream === true ? { ...asked, ...call.streamed } : asked;
    const silence = watchSilence(waiting, idleMs);
    try {
      const signal = AbortSignal.any([left.signal, silence.signal]);
      const came = silence.watched(await ask(endpoint, url.replace(/^\/v1/, ''), sent, signal));
      const [shown, kept] = came.body?.tee() ?? [];
      const read = readCall(new Response(kept ?? null, came), call.took);
      await relay(new Response(shown ?? null, came), response, async () => {
        const { use, failure } = await read;
        settle(use ? costOf(use) : 0);
        heard({ request: asked, ...(use && { use }), ...(failure && { failure }) });
      });
    } catch (error) {
      settle(0);
      if (left.signal.aborted) return heard({ request: asked });
      const message = silence.signal.aborted ? `nothing came for ${idleMs / 1000} s` : reasonOf(error);
      heard({ request: asked, failure: failureOfConnection(message) });
      if (response.headersSent) response.destroy();
      else refuse(response, silence.signal.aborted ? 504 : 502, message);
    } finally {
      silence.end();
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error) =>
      response.headersSent ? response.destroy() : refuse(response, 502, messageOf(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function ask(endpoint: ModelEndpoint, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
  return fetch(`${endpoint.baseUrl.replace(/\/$/, '')}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${endpoint.apiKey}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
}

/** Passes an answer on. `before` runs before the answer ends, so that the call is counted before the program continues. */
async function relay(
  came: Response,
  response: ServerResponse,
  before: () => Promise<void> = async () => {},
): Promise<void> {
  response.writeHead(came.status, { 'content-type': came.headers.get('content-type') ?? 'application/json' });
  if (came.body) await pipeline(Readable.fromWeb(came.body as never), response, { end: false });
  await before();
  response.end();
}

/** Has silence be the harness's time, and aborts `signal` when it lasts too long. */
function watchSilence(waiting: ModelProxyParts['waiting'], idleMs: number) {
  const hung = new AbortController();
  const timer = setTimeout(() => hung.abort(), idleMs);
  let goOn = waiting();
  const watch = () =>
    new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, out) {
        timer.refresh();
        goOn(true);
        goOn = waiting();
        out.enqueue(bytes);
      },
    });
  return {
    signal: hung.signal,
    watched: (came: Response) => new Response(came.body?.pipeThrough(watch()) ?? null, came),
    end() {
      clearTimeout(timer);
      goOn();
    },
  };
}

/** What an endpoint's answer took, or why it is none. */
async function readCall(
  came: Response,
  took: (answer: Response) => Promise<ModelUse>,
): Promise<Pick<ModelCall, 'use' | 'failure'>> {
  try {
    return came.ok ? { use: await took(came) } : { failure: failureOfAnswer(came, await came.text()) };
  } catch (error) {
    return { failure: failureOfConnection(messageOf(error)) };
  }
}

/** The program's own words come last: what a failed connection failed with stands in its cause. */
const reasonOf = (error: unknown) => messageOf((error as Error).cause ?? error);

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message } }));
}
