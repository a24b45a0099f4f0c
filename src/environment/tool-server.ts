import { join } from 'node:path';
import { ProctorError } from '../errors.ts';
import { displayPath } from '../schema/author-file.ts';
import type { EnvironmentConfig, ToolServer } from '../schema/environment.ts';
import type { HarborEnvironment } from '../schema/harbor-task.ts';

type McpServer = HarborEnvironment['mcp_servers'][number];

/** The MCP servers of a task.toml as tool servers: stdio in the sandbox, the others by their address. Throws `bad-file`. */
export function toolServersOf(servers: readonly McpServer[], dir: string): EnvironmentConfig['servers'] {
  return servers.map((server, index) => {
    const where = `${displayPath(join(dir, 'task.toml'))}: environment.mcp_servers[${index}]`;
    return toolServerOf(server, where);
  });
}

function toolServerOf({ name: given, transport, url, command, args }: McpServer, where: string): ToolServer {
  const name =
    given
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, '-')
      .replace(/^[_-]+/, '') || 'server';
  if (transport === 'stdio') {
    if (!command)
      throw new ProctorError('bad-file', `${where}.command: expected the program of a stdio server`);
    return { name, placement: 'sandbox', command: [command, ...args], env: {} };
  }
  if (!url)
    throw new ProctorError('bad-file', `${where}.url: expected the address of a server over ${transport}`);
  return { name, placement: 'remote', transport, url, headers: {} };
}
