import { ProctorError } from '../errors.ts';
import type { EnvironmentConfig, ToolServer } from '../schema/environment.ts';
import { openBuiltins } from './builtin/open-builtins.ts';
import { openHostServer } from './host/open-host-server.ts';
import { openRemoteServer } from './remote.ts';
import { withResourceTools } from './resource-tools.ts';
import { openSandboxHttpServer } from './sandbox-http.ts';
import { openSandboxServer } from './sandbox-server.ts';
import type { OpenServer, ServerContext } from './server.ts';

/** Opens the built-in server and those of the environment, all at once. Where one fails, the others are closed and its error thrown. */
export async function openServers(config: EnvironmentConfig, context: ServerContext): Promise<OpenServer[]> {
  const opening = [
    openBuiltins(config.builtin, context),
    ...config.servers.map((server) => openServer(server, context)),
  ];
  const settled = await Promise.allSettled(opening);
  const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed === undefined && !context.signal.aborted) return opened;
  await Promise.allSettled(opened.map((server) => server.close()));
  if (context.signal.aborted) throw new ProctorError('interrupted', 'Opening the tools was stopped.');
  throw failed?.reason;
}

async function openServer(server: ToolServer, context: ServerContext): Promise<OpenServer> {
  const opened = await openPlaced(server, context);
  const offer = server.placement === 'host' ? [] : (server.offer ?? []);
  if (offer.length === 0) return opened;
  try {
    const where = `${context.dir}/environment.toml: server "${server.name}"`;
    return { ...opened, connection: withResourceTools(opened.connection, offer, where) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function openPlaced(server: ToolServer, context: ServerContext): Promise<OpenServer> {
  switch (server.placement) {
    case 'host':
      return openHostServer(server, context);
    case 'sandbox':
      return server.port === undefined
        ? openSandboxServer(server, context)
        : openSandboxHttpServer({ ...server, port: server.port }, context);
    case 'remote':
      return openRemoteServer(server, context);
  }
}
