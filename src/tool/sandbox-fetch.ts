import { Agent, type IncomingMessage, request } from 'node:http';
import { Duplex, Readable } from 'node:stream';
import type { Sandbox, SpawnedProcess } from '../sandbox/sandbox.ts';

/** Like `fetch`, for ports of a sandbox. */
export interface SandboxFetch {
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
  close(): void;
}

/** Passes bytes between its streams and a port of the sandbox it runs in; bash can do that by itself. */
const relay = (port: number) => [
  'bash',
  '-c',
  `exec 3<>/dev/tcp/127.0.0.1/${port} 2>/dev/null || exit; cat <&0 >&3 & cat <&3; kill $!`,
];

/** Waits in the sandbox until something listens on the port; ends with 0 then. */
export const untilListening = (port: number) => [
  'bash',
  '-c',
  `until (: <>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.1; done`,
];

/** HTTP to servers inside a sandbox, which need not have a network: every connection is a process in it that passes bytes on. */
export function sandboxFetch(sandbox: Sandbox): SandboxFetch {
  const agent = new RelayAgent(sandbox);
  return {
    fetch: (url, init = {}) =>
      new Promise((resolve, reject) => {
        const { method = 'GET', headers, body, signal } = init;
        const sent = request(new URL(url), {
          agent,
          method,
          headers: Object.fromEntries(new Headers(headers)),
          ...(signal && { signal }),
        });
        sent.on('response', (response) => resolve(responseOf(response)));
        sent.on('error', reject);
        sent.end(body ?? undefined);
      }),
    close: () => agent.destroy(),
  };
}

/** Keeps connections for the next request, as far as streams that are no sockets can be kept. */
class RelayAgent extends Agent {
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    super({ keepAlive: true });
    this.#sandbox = sandbox;
  }

  override createConnection(
    options: { port?: number | string | null },
    connected: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#sandbox
      .spawn(relay(Number(options.port)))
      .then((child) => connected(null, duplexOf(child)))
      .catch((error) => connected(error, undefined as never));
  }

  override keepSocketAlive(): boolean {
    return true;
  }

  /** Each request leaves a listener behind on a stream that is no socket. */
  override reuseSocket(stream: Duplex): void {
    stream.removeAllListeners('error');
  }
}

function duplexOf(child: SpawnedProcess): Duplex {
  const duplex = new Duplex({
    read() {},
    write: (chunk, _, done) => void child.write(chunk).then(() => done(), done),
    destroy: (error, done) => void child.kill().then(() => done(error), done),
  });
  child.onStdout((chunk) => void duplex.push(chunk));
  void child.exited.then(() => {
    duplex.push(null);
    duplex.end();
  });
  return duplex;
}

const bodiless = [101, 103, 204, 205, 304];

function responseOf(incoming: IncomingMessage): Response {
  const { statusCode: status = 500, statusMessage: statusText = '' } = incoming;
  const headers = new Headers(
    Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  );
  const body = bodiless.includes(status) ? null : (Readable.toWeb(incoming) as ReadableStream);
  if (body === null) incoming.resume();
  return new Response(body, { status, statusText, headers });
}
