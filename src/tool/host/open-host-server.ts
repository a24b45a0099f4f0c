import { resolve } from 'node:path';
import { messageOf, ProctorError } from '../../errors.ts';
import type { ToolServer } from '../../schema/environment.ts';
import type { Json } from '../../schema/json.ts';
import type { HostServer } from '../host-server.ts';
import { serveTools } from '../in-process.ts';
import { connect } from '../mcp.ts';
import { connectOptions, type OpenServer, type ServerContext } from '../server.ts';
import { adaptTool } from './adapt-tool.ts';
import { checkServer } from './check-server.ts';
import { hostContext } from './host-context.ts';
import { loadModule } from './load-module.ts';

/** Makes a fresh server of a host module and connects to it. Throws `bad-file`. */
export async function openHostServer(
  { name, module }: Extract<ToolServer, { placement: 'host' }>,
  context: ServerContext,
): Promise<OpenServer> {
  const path = resolve(context.dir, module);
  const makeServer = await loadModule(context.dir, module);
  const server = checkServer(await made(() => makeServer(hostContext(name, context)), path), path);
  const tools = server.tools.map((tool) => adaptTool(tool, path));
  const connection = await connect(await serveTools(tools), connectOptions(name, context));
  return {
    name,
    placement: 'host',
    connection,
    ...(server.state && { state: () => stateOf(server, path) }),
    async close() {
      await connection.close();
      await server.close?.();
    },
  };
}

async function made(make: () => HostServer | Promise<HostServer>, path: string): Promise<HostServer> {
  try {
    return await make();
  } catch (error) {
    throw new ProctorError('bad-file', `${path}: the default export failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A copy, so that later calls do not change it. */
function stateOf(server: HostServer, path: string): Json {
  try {
    const text = JSON.stringify(server.state?.());
    if (text !== undefined) return JSON.parse(text) as Json;
  } catch (error) {
    throw new ProctorError('tool-server-failed', `${path}: state() failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new ProctorError('tool-server-failed', `${path}: state() returned nothing; expected JSON`);
}
