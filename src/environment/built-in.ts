import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProctorError } from '../errors.ts';
import { displayPath } from '../schema/author-file.ts';
import {
  type EnvironmentConfig,
  environment as environmentConfig,
  type ToolServer,
} from '../schema/environment.ts';
import type { HarborEnvironment } from '../schema/harbor-task.ts';
import type { Task } from '../task/task.ts';
import type { Environment } from './environment.ts';

/** Where a task's own image says nothing of a working directory. */
const usualWorkdir = '/app';

/** The environment of a task that names none and brings its own image: bash, the file tool, and its workdir as state, unless it says more. */
export function builtInEnvironment(task: Task): Environment {
  const workdir = task.harbor.environment.workdir ?? workdirOfImage(task) ?? usualWorkdir;
  const config = environmentConfig.parse({
    name: 'built-in',
    description: 'A Linux box made from the task’s own image.',
    workdir,
    memory_mb: 2048,
    pids: 1024,
    servers: toolServersOf(task.harbor.environment.mcp_servers, task),
    builtin: ['bash', 'str_replace_based_edit_tool'],
    state: task.additions.state ?? { paths: [workdir] },
  });
  return { name: config.name, dir: '', digest: '', config, policy: { rules: [], off: [] } };
}

function workdirOfImage(task: Task): string | undefined {
  if (task.image?.kind !== 'build') return undefined;
  const { context, dockerfile: name = 'Dockerfile' } = task.image;
  const dockerfile = readFileSync(join(context, name), 'utf8');
  return [...dockerfile.matchAll(/^\s*WORKDIR\s+(\/\S*)\s*$/gim)].at(-1)?.[1];
}

type McpServer = HarborEnvironment['mcp_servers'][number];

/** The MCP servers of a task.toml as tool servers: stdio and those of its localhost and its services in the sandbox, the others by their address. Throws `bad-file`. */
function toolServersOf(servers: readonly McpServer[], { dir, services }: Task): EnvironmentConfig['servers'] {
  const names = (services?.services ?? []).map(({ name }) => name);
  return servers.map((server, index) => {
    const where = `${displayPath(join(dir, 'task.toml'))}: environment.mcp_servers[${index}]`;
    return toolServerOf(server, where, names);
  });
}

/** A task means its own container by localhost and compose's name of it; its services are reached from there too. */
const isInside = (url: string, services: readonly string[]) =>
  /^http:\/\/(localhost|main|0\.0\.0\.0|127(\.\d+){3}|\[::1\])([:/?#]|$)/i.test(url) ||
  services.some((name) => new RegExp(`^http://${name.replaceAll('.', '\\.')}([:/?#]|$)`, 'i').test(url));

function toolServerOf(
  { name: given, transport, url, command, args, headers }: McpServer,
  where: string,
  services: readonly string[],
): ToolServer {
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
  return {
    name,
    placement: 'remote',
    transport,
    url,
    headers: headers ?? {},
    ...(isInside(url, services) && { inside: true }),
  };
}
