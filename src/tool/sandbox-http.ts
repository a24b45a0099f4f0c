import { setTimeout } from 'node:timers/promises';
import type { SpawnedProcess } from '../sandbox/sandbox.ts';
import type { ToolServer } from '../schema/environment.ts';
import { type Connection, connect, httpTransport } from './mcp.ts';
import { sandboxFetch, untilListening } from './sandbox-fetch.ts';
import { notStarted, requireSandbox, waited } from './sandbox-server.ts';
import { connectOptions, type OpenServer, type ServerContext } from './server.ts';
import { maxLineChars, maxLines, stderrTail } from './stderr-tail.ts';

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
  const { transport, endSession } = httpTransport(new URL(`http://localhost:${port}${path}`), {}, http.fetch);
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
    const why = watched.whyGone() ?? watched.withStderrTail(waited(error, startTimeoutMs));
    await close();
    throw notStarted({ name, command }, why, error);
  }
}

interface Watched {
  whyGone(): string | undefined;
  withStderrTail(why: string): string;
  readonly ended: Promise<void>;
}

/** Reads what a program says and remembers its last stderr line. */
function watch(child: SpawnedProcess, onLine: (stream: 'stdout' | 'stderr', line: string) => void): Watched {
  let why: string | undefined;
  let lines = 0;
  const reader = (stream: 'stdout' | 'stderr') =>
    stderrTail((line) => {
      if (lines++ < maxLines) onLine(stream, line.slice(0, maxLineChars));
    });
  const [stdout, stderr] = [reader('stdout'), reader('stderr')];
  child.onStdout((chunk) => stdout.push(chunk));
  child.onStderr((chunk) => stderr.push(chunk));
  const ended = child.exited.then((code) => {
    why = stderr.after(code === null ? 'it ended' : `it ended with exit code ${code}`);
  });
  return { whyGone: () => why, withStderrTail: stderr.after, ended };
}

async function listening(waiting: Promise<SpawnedProcess>, { ended }: Watched, timeoutMs: number) {
  const waiter = await waiting;
  const timer = new AbortController();
  const late = setTimeout(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`nothing listens on its port within ${timeoutMs / 1000} s`);
  });
  late.catch(() => {});
  try {
    const code = await Promise.race([waiter.exited, late, ended.then(() => null)]);
    if (code === null) throw new Error('it ended');
    if (code !== 0) throw new Error('a server on a port is reached with bash, and its image has none');
  } finally {
    timer.abort();
    await waiter.kill().catch(() => {});
  }
}
