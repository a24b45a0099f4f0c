import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageOf } from '../../errors.ts';
import { type JsonObject, parseJsonObject } from '../../schema/json.ts';
import type { Dialect, WireAnswer } from '../dialect/dialect.ts';
import type { PlainRequest } from '../dialect/model-source.ts';
import { openaiError } from '../dialect/openai-error.ts';
import { wirePath } from '../dialect/wire-path.ts';
import { BodyTooLarge, requestText } from '../model/request-body.ts';

/** A request of the program that waits for its answer. */
export interface Asked {
  dialect: Dialect;
  path: string;
  body: JsonObject;
  /** Those that say how it is to be answered. */
  headers: Record<string, string>;
  /** Aborted when the program waits no longer. */
  gone: AbortSignal;
  answer(answer: WireAnswer): void;
}

interface DoorParts {
  /** What the program has for a key. */
  token: string;
  /** Takes a request that is answered by a decision, or by a side conversation. */
  asked(request: Asked): void;
  /** Told of a request that is refused as too large. */
  tooLarge(reason: string): void;
  /** Answers what needs no decision, such as the list of models. */
  plain(request: PlainRequest): Promise<WireAnswer>;
}

/** Where connections of a program's model calls are handed in. */
export interface Door {
  connect(connection: Duplex): void;
  close(): void;
}

/** Milliseconds after which a program that waits is sent something that means nothing, so that it goes on waiting. */
const stillThereMs = 10_000;

/** Speaks HTTP as a model's endpoint does, over connections that come from inside of a sandbox. */
export function openDoor({ token, asked, tooLarge, plain }: DoorParts): Door {
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    const known = wirePath(method, url);
    if (!known) return send(response, openaiError(404, `models are asked here, not ${method} ${url}`));
    const refuse = (status: number, message: string) =>
      send(response, (known.kind === 'turn' ? known.dialect.error : openaiError)(status, message));
    if (!carries(request.headers, token)) return refuse(401, 'the key is not the one that was handed out');
    const text = await requestText(request).catch((error: unknown) => error);
    if (text instanceof BodyTooLarge) {
      tooLarge(text.message);
      return refuse(413, text.message);
    }
    const body = typeof text === 'string' ? parseJsonObject(text) : undefined;
    if (known.kind !== 'turn')
      return send(
        response,
        await plain({
          method,
          path: known.path,
          headers: saying(request.headers),
          ...(body && { body }),
        }),
      );
    if (!body) return refuse(400, 'the request is no JSON object');
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { dialect, path } = known;
    const stop = keepWaiting(response, dialect.readRequest(body).stream);
    const headers = saying(request.headers);
    asked({
      dialect,
      path,
      body,
      headers,
      gone: gone.signal,
      answer: (answer) => (stop(), send(response, answer)),
    });
  };
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    take(request, response).catch((error) => send(response, openaiError(502, messageOf(error))));
  });
  const open = new Set<Duplex>();
  return {
    connect(connection) {
      open.add(connection);
      connection.on('close', () => open.delete(connection));
      connection.on('error', () => connection.destroy());
      server.emit('connection', connection);
    },
    close() {
      for (const connection of open) connection.destroy();
    },
  };
}

const carries = (headers: IncomingHttpHeaders, token: string): boolean =>
  [headers.authorization?.replace(/^bearer\s+/i, ''), headers['x-api-key'], headers['api-key']].includes(
    token,
  );

const saying = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      /^(anthropic|openai)-(beta|version)$/.test(name) && value !== undefined ? [[name, String(value)]] : [],
    ),
  );

/** Sends comments of an event stream, or white space before JSON, until what is returned is called. */
function keepWaiting(response: ServerResponse, stream: boolean): () => void {
  const timer = setInterval(() => {
    if (!response.headersSent)
      response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    response.write(stream ? ': waiting\n\n' : ' ');
  }, stillThereMs);
  response.on('close', () => clearInterval(timer));
  return () => clearInterval(timer);
}

function send(response: ServerResponse, { status, contentType, body }: WireAnswer): void {
  if (response.destroyed) return;
  if (!response.headersSent)
    response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
