import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../../errors.ts';
import { type JsonObject, parseJsonObject } from '../../schema/json.ts';
import type { DecideOptions } from '../agent.ts';
import type { AskedTurn, Dialect, WireAnswer } from '../dialect/dialect.ts';
import { paidAnswer } from '../dialect/paid-answer.ts';
import { wirePath } from '../dialect/wire-path.ts';
import type { ModelUse } from '../model/model-use.ts';
import { BodyTooLarge, boundedText, requestText } from '../model/request-body.ts';
import { type Failure, failureOfAnswer, failureOfConnection } from '../model/retry.ts';
import type { Target } from '../model/target.ts';
import { requestHeaders, responseHeaders, sentKey } from './forwarded-header.ts';

/** One model call of the program. */
export interface ModelCall {
  request: JsonObject;
  /** What it asks, and how; absent where it asks for no turn of a conversation. */
  turn?: { dialect: Dialect; path: string; asked: AskedTurn };
  /** Absent where none came whole. */
  answer?: WireAnswer;
  /** Absent where the endpoint gave no answer that could be read. */
  use?: ModelUse;
  /** Why the endpoint gave no answer; absent where it did, and where that is not its fault. */
  failure?: Failure;
  /** Why there is no answer that is no failure of the endpoint: the program went away, or nothing was left to pay for it. */
  ended?: string;
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
  /** What a record has as the answer to a turn; undefined where the endpoint is to be asked. */
  recorded?(turn: NonNullable<ModelCall['turn']>, body: JsonObject): Promise<WireAnswer | undefined>;
}

export interface ModelProxy {
  url: string;
  /** Settles when every answer that has begun to come is whole; absent where none has. */
  answered(): Promise<unknown> | undefined;
  close(): Promise<void>;
}

/**
 * Forwards requests of Chat Completions, the Responses API, Anthropic's Messages and embeddings with the real key. A request that the run
 * has no money left for is refused with status 402, and one that the endpoint leaves unanswered with 502 or 504.
 */
export async function openModelProxy(
  endpoint: Target,
  { token, idleMs, heard, reserve, waiting, costOf, recorded }: ModelProxyParts,
): Promise<ModelProxy> {
  const coming = new Set<Promise<void>>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (sentKey(request.headers) !== token)
      return refuse(response, 401, 'the key is not the one in OPENAI_API_KEY');
    const { method } = request;
    const known = wirePath(method, request.url ?? '');
    if (!known) return refuse(response, 404, `model calls are forwarded, not ${method} ${request.url}`);
    const url = new URL(`${endpoint.baseUrl}${known.path}`);
    const given = new URLSearchParams(request.url?.split('?')[1]);
    for (const [name, value] of [...Object.entries(endpoint.query), ...given])
      url.searchParams.set(name, value);
    const headers = requestHeaders(request.headers, endpoint);
    if (method === 'GET') return relay(await fetch(url, { headers }), response);
    const text = await requestText(request).catch((error: unknown) => error);
    if (text instanceof BodyTooLarge) {
      heard({ request: {}, ended: text.message });
      return refuse(response, 413, text.message);
    }
    const asked = typeof text === 'string' ? parseJsonObject(text) : undefined;
    if (!asked) return refuse(response, 400, 'the request is no JSON object');
    const turn = known.kind === 'turn' ? { ...known, asked: known.dialect.readRequest(asked) } : undefined;
    const sent = turn?.dialect.withUsage(asked) ?? asked;
    const ask = (signal: AbortSignal) =>
      fetch(url, { method: 'POST', headers, body: JSON.stringify(sent), signal });
    if (known.kind === 'plain') return relay(await ask(AbortSignal.timeout(idleMs)), response);
    await forward(asked, { ask, turn }, response);
  };

  const forward = async (request: JsonObject, { ask, turn }: Forwarding, response: ServerResponse) => {
    const told = (call: Omit<ModelCall, 'request' | 'turn'>) =>
      heard({ request, ...(turn && { turn }), ...call });
    const known = turn && (await recorded?.(turn, request));
    if (turn && known) {
      told({ use: turn.dialect.readAnswer(known).use, answer: known });
      response.writeHead(known.status, { 'content-type': known.contentType }).end(known.body);
      return;
    }
    const settle = await reserve().catch(() => undefined);
    if (!settle) {
      told({ ended: 'not asked: the budget of the run is spent' });
      return refuse(response, 402, 'the budget of the run is spent');
    }
    const left = new AbortController();
    response.on('close', () => left.abort());
    const silence = watchSilence(waiting, idleMs);
    const end = ({ use, answer, failure }: Pick<ModelCall, 'use' | 'answer' | 'failure'>) => {
      settle(use ? costOf(use) : 0);
      if (use) told({ use, ...(answer && { answer }) });
      else if (left.signal.aborted) told({ ended: 'the program did not wait for the answer' });
      else told(failure ? { failure } : {});
    };
    const failed = (error: unknown) =>
      failureOfConnection(silence.signal.aborted ? `nothing came for ${idleMs / 1000} s` : reasonOf(error));
    try {
      const came = silence.watched(await ask(AbortSignal.any([left.signal, silence.signal])));
      const [shown, kept] = came.body?.tee() ?? [];
      const whole = readCall(new Response(kept ?? null, came), turn?.dialect, failed).then(end);
      coming.add(whole);
      void whole.finally(() => coming.delete(whole));
      await relay(new Response(shown ?? null, came), response, () => whole).catch(() => response.destroy());
      await whole;
    } catch (error) {
      const failure = failed(error);
      end({ failure });
      if (response.headersSent) response.destroy();
      else refuse(response, silence.signal.aborted ? 504 : 502, failure.reason);
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
    answered: () => (coming.size > 0 ? Promise.all(coming) : undefined),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Forwarding {
  ask(signal: AbortSignal): Promise<Response>;
  turn: ModelCall['turn'];
}

/** Passes an answer on. `before` runs before the answer ends, so that the call is counted before the program continues. */
async function relay(
  came: Response,
  response: ServerResponse,
  before: () => Promise<void> = async () => {},
): Promise<void> {
  response.writeHead(came.status, responseHeaders(came.headers));
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
  dialect: Dialect | undefined,
  failed: (error: unknown) => Failure,
): Promise<Pick<ModelCall, 'use' | 'answer' | 'failure'>> {
  try {
    const body = came.body ? await boundedText(came.body, 'answer') : '';
    if (!came.ok) return { failure: failureOfAnswer(came, body) };
    const answer = { status: came.status, contentType: came.headers.get('content-type') ?? '', body };
    const { use, problem } = dialect ? dialect.readAnswer(answer) : paidAnswer(answer);
    return problem === undefined ? { use, answer } : { failure: failed(new Error(problem)) };
  } catch (error) {
    return { failure: failed(error) };
  }
}

/** The program's own words come last: what a failed connection failed with stands in its cause. */
const reasonOf = (error: unknown) => messageOf((error as Error).cause ?? error);

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message } }));
}
