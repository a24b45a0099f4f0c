import { messageOf } from '../errors.ts';
import { expandVariables } from '../schema/author-file.ts';
import type { ToolServer } from '../schema/environment.ts';
import { connect, httpTransport } from './mcp.ts';
import { connectOptions, type OpenServer, type ServerContext, serverFailed } from './server.ts';

type RemoteServer = Extract<ToolServer, { placement: 'remote' }>;

/** Connects to a server over HTTP. Throws `bad-file` for a header's missing variable, else `tool-server-failed`. */
export async function openRemoteServer(config: RemoteServer, context: ServerContext): Promise<OpenServer> {
  const { name, transport: kind, url, headers, answers } = config;
  const where = `${context.dir}/environment.toml: server "${name}": header`;
  const options = { headers: expandVariables(headers, where) };
  const { transport, endSession } = httpTransport(kind, new URL(url), options);
  try {
    const connection = await connect(transport, connectOptions(name, context, answers));
    return {
      name,
      placement: 'remote',
      connection,
      async close() {
        await endSession();
        await connection.close();
      },
    };
  } catch (error) {
    await transport.close().catch(() => {});
    const cause = error instanceof Error && error.cause !== undefined ? ` (${messageOf(error.cause)})` : '';
    throw serverFailed(name, `at ${url} could not be reached: ${messageOf(error)}${cause}`, error);
  }
}
