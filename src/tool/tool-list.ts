import { messageOf, ProctorError } from '../errors.ts';
import { builtinTools } from '../schema/builtin-tool.ts';
import type { EnvironmentConfig } from '../schema/environment.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import { type ArgumentCheck, argumentCheck, nearest } from './argument-check.ts';
import { defaultEffect } from './declared-effect.ts';
import type { Tool } from './mcp.ts';
import type { OpenServer } from './server.ts';

/** A tool that can be called, by the name the agent knows. */
export interface CallableTool {
  listed: ListedTool;
  server: OpenServer;
  /** Its name on its server. */
  name: string;
  check: ArgumentCheck;
}

/** What one server lists. */
export interface Listing {
  server: OpenServer;
  tools: readonly Tool[];
}

/**
 * The tools the agent is shown, by name. Names that several servers use become `server__tool`; those of built-in tools
 * stay theirs. Throws `tool-server-failed` where a tool's input schema is none.
 */
export function arrange(listings: readonly Listing[], config: EnvironmentConfig): Map<string, CallableTool> {
  const uses = new Map<string, number>(Object.values(builtinTools).map((name) => [name, 1]));
  for (const { server, tools } of listings) {
    if (server.placement === 'builtin') continue;
    for (const { name } of tools) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const callable = new Map<string, CallableTool>();
  for (const { server, tools } of listings) {
    for (const tool of tools) {
      const shared = server.placement !== 'builtin' && (uses.get(tool.name) ?? 0) > 1;
      const name = shared ? `${server.name}__${tool.name}` : tool.name;
      if (config.hide.includes(name)) continue;
      callable.set(name, {
        listed: listed(name, tool, server, config),
        server,
        name: tool.name,
        check: checkOf(tool, server),
      });
    }
  }
  return callable;
}

function listed(name: string, tool: Tool, server: OpenServer, config: EnvironmentConfig): ListedTool {
  return {
    name,
    server: server.name,
    placement: server.placement,
    description: tool.description ?? '',
    inputSchema: tool.inputSchema as JsonObject,
    ...(tool.annotations && { annotations: tool.annotations as JsonObject }),
    declared: config.tools[name] ?? defaultEffect(tool, server.placement),
  };
}

function checkOf(tool: Tool, server: OpenServer): ArgumentCheck {
  try {
    return argumentCheck(tool.inputSchema as JsonObject);
  } catch (error) {
    throw new ProctorError(
      'tool-server-failed',
      `Tool server "${server.name}": the input schema of "${tool.name}" is not valid: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Throws `bad-file` where an environment speaks of a tool that nobody has, unless a server may still add it. */
export function checkNames(listings: readonly Listing[], config: EnvironmentConfig, dir: string): void {
  if (listings.some(({ server }) => server.connection.listChanges)) return;
  const known = [...arrange(listings, { ...config, hide: [] }).keys()];
  for (const key of ['tools', 'hide'] as const) {
    const names = key === 'tools' ? Object.keys(config.tools) : config.hide;
    const unknown = names.find((name) => !known.includes(name));
    if (unknown === undefined) continue;
    const near = nearest(unknown, known);
    throw new ProctorError(
      'bad-file',
      `${dir}/environment.toml: "${key}" names the tool "${unknown}", which no server has; ${
        near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`
      }`,
    );
  }
}
