import { Agent, type IncomingMessage, request } from 'node:http';
import { Duplex, Readable } from 'node:stream';
import { messageOf } from '../errors.ts';
import type { Sandbox, SpawnedProcess } from '../sandbox/sandbox.ts';
import { within } from '../sandbox/within.ts';
import type { ToolServer } from '../schema/environment.ts';
import { type Connection, connect, httpTransport } from './mcp.ts';
import { notStarted, requireSandbox } from './sandbox-server.ts';
import { endOf, lineTail } from './sandbox-transport.ts';
import { connectOptions, type OpenServer, type ServerContext } from './server.ts';

type SandboxServer = Extract<ToolServer, { placement: 'sandbox' }>;

/** Starts a server inside the sandbox that speaks streamable HTTP on a port of it. Throws as `openSandboxServer` does. */
export async function openSandboxHttpServer(
  config: SandboxServer & { port: number },
  context: ServerContext,
): Promise<OpenServer> {
  const { name, command, env, port, path = '/mcp', answers } = config;
  const { notify, startTimeoutMs } = context;
  const inside = requireSandbox(name, context);
  const child = await inside.spawn(command, { env, cwd: inside.info.workdir });
  const watched = watch(child, (stream, line) =>
    notify({ server: name, method: `proctor/${stream}`, params: line }),
  );
  const http = sandboxFetch(inside);
  const url = new URL(`http://localhost:${port}${path}`);
  const { transport, endSession } = httpTransport('streamable-http', url, { fetch: http.fetch });
  let connection: Connection | undefined;
  const close = async () => {
    await endSession();
    await (connection ?? transport).close();
    http.close();
    await child.kill().catch(() => {});
  };
  try {
    await listening(inside.spawn(untilListening(port)), watched, startTimeoutMs);
    connection = await connect(transport, connectOptions(name, context, answers));
    // What waits for an answer over HTTP does not hear that the server is gone.
    void child.exited.then(() => connection?.close());
    return { name, placement: 'sandbox', connection, whyGone: watched.whyGone, close };
  } catch (error) {
    const why = watched.whyGone() ?? watched.withStderrTail(messageOf(error));
    await close();
    throw notStarted({ name, command }, why, error);
  }
}

/** HTTP over connections inside a sandbox. */
export type Inside = ReturnType<typeof sandboxFetch>;

/** HTTP to a program that the image started by itself, or to a service, once it listens. Throws where it does not in time, or there is no sandbox. */
export async function reachInside(
  { name, url }: { name: string; url: string },
  context: ServerContext,
): Promise<Inside> {
  const inside = requireSandbox(name, context);
  const { hostname, port } = new URL(url);
  await listening(
    inside.spawn(untilListening(Number(port || 80), hostname)),
    { ended: new Promise(() => {}) },
    context.startTimeoutMs,
  );
  return sandboxFetch(inside);
}

/** Reads what a program says and remembers its last stderr line. */
function watch(child: SpawnedProcess, onLine: (stream: 'stdout' | 'stderr', line: string) => void) {
  let why: string | undefined;
  const stdout = lineTail((line) => onLine('stdout', line));
  const stderr = lineTail((line) => onLine('stderr', line));
  child.onStdout((chunk) => stdout.push(chunk));
  child.onStderr((chunk) => stderr.push(chunk));
  const ended = child.exited.then((code) => {
    why = stderr.after(endOf(code));
  });
  return { whyGone: () => why, withStderrTail: stderr.after, ended };
}

async function listening(
  waiting: Promise<SpawnedProcess>,
  { ended }: Pick<ReturnType<typeof watch>, 'ended'>,
  timeoutMs: number,
) {
  const waiter = await waiting;
  try {
    const code = await within(timeoutMs, Promise.race([waiter.exited, ended.then(() => null)]));
    if (code === undefined) throw new Error(`nothing listens on its port within ${timeoutMs / 1000} s`);
    if (code === null) throw new Error('it ended');
    if (code !== 0) throw new Error('a server on a port is reached with bash, and its image has none');
  } finally {
    await waiter.kill().catch(() => {});
  }
}

/** The sandbox itself, by any of its names, or a service beside it. */
const reached = (host: string) =>
  /^(localhost|main|0\.0\.0\.0|127\..*|\[::1\])$/i.test(host) ? '127.0.0.1' : host;

/** Passes bytes between its streams and a port of the sandbox it runs in, or of a service; bash can do that by itself. */
const relay = (port: number, host: string) => [
  'bash',
  '-c',
  `exec 3<>/dev/tcp/${reached(host)}/${port} 2>/dev/null || exit; cat <&0 >&3 & cat <&3; kill $!`,
];

/** Waits in the sandbox until something listens on the port; ends with 0 then. */
const untilListening = (port: number, host = 'localhost') => [
  'bash',
  '-c',
  `until (: <>/dev/tcp/${reached(host)}/${port}) 2>/dev/null; do sleep 0.1; done`,
];

/** HTTP to servers inside a sandbox, which need not have a network: every connection is a process in it that passes bytes on. */
function sandboxFetch(sandbox: Sandbox) {
  const agent = new RelayAgent(sandbox);
  return {
    fetch: (url: string | URL, init: RequestInit = {}) =>
      new Promise<Response>((resolve, reject) => {
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

/** Each request takes a connection of its own: a server may close one that is kept as it is used again, and nobody knows then what was done. */
class RelayAgent extends Agent {
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    super({ keepAlive: false });
    this.#sandbox = sandbox;
  }

  override createConnection(
    options: { host?: string | null; port?: number | string | null },
    connected: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#sandbox
      .spawn(relay(Number(options.port), options.host ?? 'localhost'))
      .then((child) => connected(null, duplexOf(child)))
      .catch((error) => connected(error, undefined as never));
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
