import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { WireAnswer } from '../../../src/agent/dialect/dialect.ts';
import type { JsonObject } from '../../../src/schema/json.ts';

/** A server on the loopback that gives each request the next answer, the last one again and again, and what it was asked. */
export async function serve(...answers: WireAnswer[]) {
  const asked: { url: string; headers: IncomingHttpHeaders; body: JsonObject }[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { url = '', headers } = request;
    asked.push({ url, headers, body: body === '' ? {} : JSON.parse(body) });
    const answer = answers[Math.min(asked.length, answers.length) - 1] as WireAnswer;
    response.writeHead(answer.status, { 'content-type': answer.contentType });
    response.end(answer.body);
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

export const json = (body: object, status = 200): WireAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

/** A stream of events, named by their `type` where they have one. */
export const stream = (...events: (object | '[DONE]')[]): WireAnswer => ({
  status: 200,
  contentType: 'text/event-stream; charset=utf-8',
  body: events
    .map((event) => {
      const name = typeof event === 'object' && 'type' in event ? `event: ${event.type}\n` : '';
      return `${name}data: ${event === '[DONE]' ? event : JSON.stringify(event)}\n\n`;
    })
    .join(''),
});
