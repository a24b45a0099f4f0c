import { type Duplex, duplexPair } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Asked, openDoor } from '../../../src/agent/inside/door.ts';
import { largestBody } from '../../../src/agent/model/request-body.ts';

afterEach(() => void vi.useRealTimers());

/** A door, what came in by it, and a connection to it. */
function opened() {
  const came: Asked[] = [];
  const refused: string[] = [];
  let heard = () => {};
  const door = openDoor({
    token: 'tk',
    asked(request) {
      came.push(request);
      heard();
    },
    tooLarge: (reason) => void refused.push(reason),
    plain: async ({ path }) => ({ status: 200, contentType: 'application/json', body: `"${path}"` }),
  });
  const [client, server] = duplexPair();
  let said = '';
  client.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  door.connect(server);
  const next = () =>
    new Promise<void>((resolve) => {
      heard = resolve;
    });
  /** What has come back since this was last asked, when it has all of this in it. */
  const hears = async (...parts: string[]) => {
    await vi.waitFor(() => expect(parts.filter((part) => !said.includes(part))).toEqual([]), 20_000);
    said = '';
  };
  return { came, refused, client, next, hears };
}

function post(client: Duplex, body: object, { key = 'tk', gzip = false } = {}): void {
  const bytes = gzip ? gzipSync(JSON.stringify(body)) : Buffer.from(JSON.stringify(body));
  client.write(
    [
      'POST /v1/chat/completions HTTP/1.1',
      'host: x',
      `authorization: Bearer ${key}`,
      `content-length: ${bytes.length}`,
      ...(gzip ? ['content-encoding: gzip'] : []),
      '\r\n',
    ].join('\r\n'),
  );
  client.write(bytes);
}

const answer = { status: 200, contentType: 'text/event-stream', body: 'data: [DONE]\n\n' };

describe('the door for the model calls of a program', () => {
  it('takes requests over one connection, compressed or not, and gives each its answer', async () => {
    const { came, client, next, hears } = opened();
    for (const gzip of [false, true]) {
      const arrived = next();
      post(client, { model: 'm', messages: [] }, { gzip });
      await arrived;
      came.at(-1)?.answer({ ...answer, body: `data: ${gzip}\n\n` });
      await hears('HTTP/1.1 200', `data: ${gzip}`);
    }
    expect(came.map(({ path, body }) => [path, body.model])).toEqual(
      Array(2).fill(['/chat/completions', 'm']),
    );
  });

  it('takes none with another key', async () => {
    const { came, client, hears } = opened();
    post(client, { messages: [] }, { key: 'other' });
    await hears('401', 'authentication_error');
    expect(came).toEqual([]);
  });

  it('refuses what is larger than it takes when it is unpacked, and takes the next', async () => {
    const { came, refused, client, next, hears } = opened();
    post(client, { messages: [' '.repeat(largestBody)] }, { gzip: true });
    await hears('HTTP/1.1 413', 'the request is larger than 64 MiB');
    expect([came, refused]).toEqual([[], ['the request is larger than 64 MiB']]);
    const arrived = next();
    post(client, { model: 'm', messages: [] });
    await arrived;
    expect(came).toMatchObject([{ body: { model: 'm' } }]);
  }, 60_000);

  it('keeps a program waiting by what means nothing, in a stream and before JSON', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    for (const stream of [true, false]) {
      const { came, client, next, hears } = opened();
      const arrived = next();
      post(client, { stream, messages: [] });
      await arrived;
      vi.advanceTimersByTime(10_000);
      await hears(...(stream ? ['text/event-stream', ': waiting\n\n'] : ['application/json', '1\r\n \r\n']));
      came[0]?.answer(answer);
      await hears('data: [DONE]', '0\r\n\r\n');
    }
  });
});
