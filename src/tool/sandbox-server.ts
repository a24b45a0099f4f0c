import { messageOf, ProctorError } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ToolServer } from '../schema/environment.ts';
import { connect } from './mcp.ts';
import { ProcessTransport } from './sandbox-transport.ts';
import { connectOptions, type OpenServer, type ServerContext } from './server.ts';

/** Starts a stdio server inside the sandbox. Throws `tool-server-failed` in one line with its last stderr line, or `unsupported`. */
export async function openSandboxServer(
  { name, command, env, answers }: Extract<ToolServer, { placement: 'sandbox' }>,
  context: ServerContext,
): Promise<OpenServer> {
  const { captureBytes, notify } = context;
  const sandbox = requireSandbox(name, context);
  const child = await sandbox.spawn(command, { env, cwd: sandbox.info.workdir });
  const transport = new ProcessTransport(child, {
    maxMessageBytes: captureBytes,
    onLine: (stream, line) => notify({ server: name, method: `proctor/${stream}`, params: line }),
  });
  try {
    const connection = await connect(transport, connectOptions(name, context, answers));
    return {
      name,
      placement: 'sandbox',
      connection,
      whyGone: () => transport.whyGone(),
      close: () => connection.close(),
    };
  } catch (error) {
    const why = transport.whyGone() ?? transport.withStderrTail(messageOf(error));
    await transport.close();
    throw notStarted({ name, command }, why, error);
  }
}

/** The sandbox a server is to run in. Throws `bad-file` where there is none. */
export function requireSandbox(name: string, { sandbox, dir }: ServerContext): Sandbox {
  if (sandbox) return sandbox;
  throw new ProctorError(
    'bad-file',
    `${dir}/environment.toml: the server "${name}" is to run in a sandbox, but there is none.`,
  );
}

export function notStarted(
  { name, command }: { name: string; command: readonly string[] },
  why: string,
  cause: unknown,
): ProctorError {
  return new ProctorError(
    'tool-server-failed',
    `Tool server "${name}" (${command.join(' ')}) did not start: ${why}`,
    { cause },
  );
}
