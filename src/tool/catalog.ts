import { messageOf, ProctorError } from '../errors.ts';
import { builtinTools } from '../schema/builtin-tool.ts';
import { type ToolEffect, toolEffect } from '../schema/effect.ts';
import type { EnvironmentConfig } from '../schema/environment.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import { type ArgumentCheck, argumentCheck, nameHint } from './argument-check.ts';
import type { Tool } from './mcp.ts';
import { type OpenServer, serverFailed } from './server.ts';
import type { ServerNotification } from './toolbox.ts';

/** A tool that can be called, by the name the agent knows. */
export interface CallableTool {
  listed: ListedTool;
  server: OpenServer;
  /** Its name on its server. */
  name: string;
  check: ArgumentCheck;
}

/** The tools of a trial as they are listed now. */
export class Catalog {
  /** By the name the agent knows. */
  tools: ReadonlyMap<string, CallableTool> = new Map();
  /** Settles when no list is being fetched. Never rejects. */
  settled = Promise.resolve();
  readonly #config: EnvironmentConfig;
  readonly #notify: (notification: ServerNotification) => void;
  readonly #lists = new Map<OpenServer, readonly Tool[]>();
  /** Servers whose list is to be fetched again. */
  readonly #stale = new Set<OpenServer>();

  constructor(config: EnvironmentConfig, notify: (notification: ServerNotification) => void) {
    this.#config = config;
    this.#notify = notify;
  }

  /** Asks the servers for their tools. Throws `tool-server-failed`, or `bad-file` where the environment names a tool that nobody has. */
  async load(servers: readonly OpenServer[], dir: string): Promise<void> {
    for (const server of servers) this.#lists.set(server, await listAtStart(server));
    checkNames(this.#lists, this.#config, dir);
    this.tools = arrange(this.#lists, this.#config, this.#notify);
  }

  /** Fetches the list of a server again where it says that its tools changed. */
  heard({ server: name, method }: ServerNotification): void {
    const server = [...this.#lists.keys()].find((server) => server.name === name);
    if (method !== 'notifications/tools/list_changed' || server === undefined || this.#stale.has(server))
      return;
    this.#stale.add(server);
    this.settled = this.settled.then(() => this.#refresh(server));
  }

  async #refresh(server: OpenServer): Promise<void> {
    this.#stale.delete(server);
    const before = this.#lists.get(server) ?? [];
    try {
      this.#lists.set(server, await server.connection.tools());
      this.tools = arrange(this.#lists, this.#config);
    } catch (error) {
      this.#lists.set(server, before);
      this.#notify({ server: server.name, method: 'proctor/list-failed', params: messageOf(error) });
    }
  }
}

async function listAtStart({ name, connection, whyGone }: OpenServer): Promise<readonly Tool[]> {
  try {
    return await connection.tools();
  } catch (error) {
    throw serverFailed(name, `did not list its tools: ${whyGone?.() ?? messageOf(error)}`, error);
  }
}

/** What each server lists. */
type Lists = ReadonlyMap<OpenServer, readonly Tool[]>;

/**
 * The tools the agent is shown, by name. Names that several servers use become `server__tool`; those of built-in tools
 * stay theirs. A tool whose input schema is none is left out, and `refuse` is told of it; the others stand.
 */
function arrange(
  lists: Lists,
  config: EnvironmentConfig,
  refuse: (notification: ServerNotification) => void = () => {},
): Map<string, CallableTool> {
  const uses = new Map<string, number>(Object.values(builtinTools).map((name) => [name, 1]));
  for (const [server, tools] of lists) {
    if (server.placement === 'builtin') continue;
    for (const { name } of tools) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const callable = new Map<string, CallableTool>();
  for (const [server, tools] of lists) {
    for (const tool of tools) {
      const shared = server.placement !== 'builtin' && (uses.get(tool.name) ?? 0) > 1;
      const name = shared ? `${server.name}__${tool.name}` : tool.name;
      if (config.hide.includes(name)) continue;
      const check = checkOf(tool);
      if ('problem' in check)
        refuse({ server: server.name, method: 'proctor/tool-refused', params: check.problem });
      else
        callable.set(name, {
          listed: listed(name, tool, server, config),
          server,
          name: tool.name,
          check: check.check,
        });
    }
  }
  return callable;
}

function listed(name: string, tool: Tool, server: OpenServer, config: EnvironmentConfig): ListedTool {
  // A server may call a tool as every object calls something of its own, such as `constructor`.
  const declared = Object.hasOwn(config.tools, name) ? config.tools[name] : undefined;
  return {
    name,
    server: server.name,
    placement: server.placement,
    description: tool.description ?? '',
    inputSchema: tool.inputSchema as JsonObject,
    ...(tool.annotations && { annotations: tool.annotations as JsonObject }),
    declared: declared ?? defaultEffect(tool, server.placement),
    ...(!declared && !isDescribed(tool, server.placement) && { undeclared: true }),
  };
}

/** The check of a tool's arguments, or why there can be none. */
function checkOf({ name, inputSchema }: Tool): { check: ArgumentCheck } | { problem: string } {
  try {
    return { check: argumentCheck(inputSchema as JsonObject) };
  } catch (error) {
    return {
      problem: `the tool "${name}" is left out, since its input schema is not valid: ${messageOf(error)}`,
    };
  }
}

/** Throws `bad-file` where an environment speaks of a tool that nobody has, unless a server may still add it. */
function checkNames(lists: Lists, config: EnvironmentConfig, dir: string): void {
  if ([...lists.keys()].some(({ connection }) => connection.listChanges)) return;
  const known = [...arrange(lists, { ...config, hide: [] }).keys()];
  for (const key of ['tools', 'hide'] as const) {
    const names = key === 'tools' ? Object.keys(config.tools) : config.hide;
    const unknown = names.find((name) => !known.includes(name));
    if (unknown === undefined) continue;
    const hint = nameHint(unknown, known, `there are ${known.join(', ')}`);
    throw new ProctorError(
      'bad-file',
      `${dir}/environment.toml: "${key}" names the tool "${unknown}", which no server has; ${hint}`,
    );
  }
}

const builtinEffects: Record<string, ToolEffect> = {
  [builtinTools.bash]: toolEffect.parse({ effect: 'exec', reversible: false }),
  [builtinTools.edit]: toolEffect.parse({ effect: 'write' }),
  [builtinTools.submit]: toolEffect.parse({ effect: 'read', repeatable: true }),
};

/** Whether it is known without the environment what a tool does: it is built in, or its server gives hints. */
function isDescribed({ name, annotations = {} }: Tool, placement: ListedTool['placement']): boolean {
  const { readOnlyHint, destructiveHint } = annotations;
  return (
    (placement === 'builtin' && builtinEffects[name] !== undefined) ||
    readOnlyHint !== undefined ||
    destructiveHint !== undefined
  );
}

/**
 * What a tool does where its environment does not say: known for built-ins, else taken from the hints of its server.
 * A tool without hints is taken to write, reversibly; a replay does not repeat calls to remote servers that may write.
 */
function defaultEffect(tool: Tool, placement: ListedTool['placement']): ToolEffect {
  const builtin = placement === 'builtin' ? builtinEffects[tool.name] : undefined;
  if (builtin) return builtin;
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tool.annotations ?? {};
  const reads = readOnlyHint === true;
  const deletes = !reads && destructiveHint === true;
  return toolEffect.parse({
    effect: reads ? 'read' : deletes ? 'delete' : 'write',
    reversible: !deletes,
    scope: openWorldHint === true ? 'external' : 'local',
    replay: placement === 'remote' && !reads ? 'recorded' : 'execute',
    repeatable: reads || idempotentHint === true,
  });
}
