import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';

/** A request as it came. */
export interface CameIn {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Its JSON as it was written. */
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends, which tests look into
  body: any;
}

/** What is answered: events of a stream, in order, or a status. */
export type Answered =
  | {
      events: readonly object[] /** Cuts the connection after the events, or keeps silent. */;
      end?: 'cut' | 'hang';
      headers?: Record<string, string>;
    }
  | { status: number; body: string | object; headers?: Record<string, string> };

export interface EventServer {
  url: string;
  /** Requests for an answer, in order. */
  requests: CameIn[];
  close(): Promise<void>;
}

interface Api {
  /** The events of a stream as they stand on the wire. */
  write(event: object): string;
  isAsk(path: string): boolean;
  /** Answers everything else, such as the list of models. */
  other?(request: CameIn): Answered & { status: number };
}

/** A server of an API with event streams on the loopback; answers come in order, the last one for ever. */
export async function startEventServer(
  api: Api,
  answers: readonly (Answered | ((request: CameIn) => Answered))[],
): Promise<EventServer> {
  const requests: CameIn[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = '', url: path = '', headers } = incoming;
    const written = await text(incoming);
    const request = { method, path, headers, text: written, body: written && JSON.parse(written) };
    if (!api.isAsk(path))
      return send(response, api.other?.(request) ?? { status: 404, body: 'not here' }, api);
    const answer = answers[Math.min(requests.push(request), answers.length) - 1];
    await send(response, typeof answer === 'function' ? answer(request) : (answer ?? { events: [] }), api);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function send(response: ServerResponse, answer: Answered, api: Api): Promise<void> {
  if ('status' in answer) {
    const isText = typeof answer.body === 'string';
    response.writeHead(answer.status, {
      'content-type': isText ? 'text/html' : 'application/json',
      ...answer.headers,
    });
    response.end(isText ? answer.body : JSON.stringify(answer.body));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', ...answer.headers });
  for (const event of answer.events) {
    const wire = api.write(event);
    // In two pieces, as networks do.
    response.write(wire.slice(0, 11));
    await turn();
    response.write(wire.slice(11));
    await turn();
  }
  if (answer.end === 'cut') response.destroy();
  else if (answer.end !== 'hang') response.end();
}
