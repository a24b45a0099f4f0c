import { messageOf, ProctorError } from '../errors.ts';
import type { ToolServer } from '../schema/environment.ts';
import { connect, httpTransport } from './mcp.ts';
import { connectOptions, type OpenServer, type ServerRoom } from './server.ts';

type RemoteServer = Extract<ToolServer, { placement: 'remote' }>;

/** Milliseconds a remote server has to hear that we are leaving. */
const farewellMs = 2_000;

/** Connects to a streamable-HTTP server. Throws `bad-file` for a header's missing variable, else `tool-server-failed`. */
export async function openRemoteServer(config: RemoteServer, room: ServerRoom): Promise<OpenServer> {
  const { name, url } = config;
  const { transport, endSession } = httpTransport(new URL(url), headersOf(config, room.dir));
  try {
    const connection = await connect(transport, connectOptions(name, room));
    return {
      name,
      placement: 'remote',
      connection,
      async close() {
        const late = new Promise((resolve) => setTimeout(resolve, farewellMs).unref());
        await Promise.race([endSession().catch(() => {}), late]);
        await connection.close();
      },
    };
  } catch (error) {
    await transport.close().catch(() => {});
    const cause = error instanceof Error && error.cause !== undefined ? ` (${messageOf(error.cause)})` : '';
    throw new ProctorError(
      'tool-server-failed',
      `Tool server "${name}" at ${url} could not be reached: ${messageOf(error)}${cause}`,
      { cause: error },
    );
  }
}

function headersOf({ name, headers }: RemoteServer, dir: string): Record<string, string> {
  const expand = (value: string) =>
    value.replace(/\$\{(\w+)\}/g, (_, variable: string) => {
      const found = process.env[variable];
      if (found !== undefined) return found;
      throw new ProctorError(
        'bad-file',
        `${dir}/environment.toml: the headers of the server "${name}" need the variable ${variable}, which is not set.`,
      );
    });
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, expand(value)]));
}
