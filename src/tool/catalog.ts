import { messageOf, ProctorError } from '../errors.ts';
import { builtinTools } from '../schema/builtin-tool.ts';
import { type ToolEffect, toolEffect } from '../schema/effect.ts';
import type { EnvironmentConfig } from '../schema/environment.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import { type ArgumentCheck, argumentCheck, nameHint } from './argument-check.ts';
import type { Tool, ToolList } from './mcp.ts';
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
  readonly #lists = new Map<OpenServer, ToolList>();
  /** Servers whose list is to be fetched again. */
  readonly #stale = new Set<OpenServer>();
  /** What was said of tools that are left out. */
  readonly #told = new Set<string>();

  constructor(config: EnvironmentConfig, notify: (notification: ServerNotification) => void) {
    this.#config = config;
    this.#notify = notify;
  }

  /** Asks the servers for their tools. Throws `tool-server-failed`, or `bad-file` where the environment names a tool that nobody has. */
  async load(servers: readonly OpenServer[], dir: string): Promise<void> {
    for (const server of servers) this.#lists.set(server, await listAtStart(server));
    checkNames(this.#lists, this.#config, dir);
    this.#arrange();
  }

  /** Makes the tools of the lists, and says once why one is left out. */
  #arrange(): void {
    this.tools = arrange(this.#lists, this.#config, (server, problem) => {
      const told = `${server} ${problem}`;
      if (this.#told.has(told)) return;
      this.#told.add(told);
      this.#notify({ server, method: 'proctor/tool-refused', params: problem });
    });
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
    try {
      this.#lists.set(server, await server.connection.tools());
      this.#arrange();
    } catch (error) {
      this.#notify({ server: server.name, method: 'proctor/list-failed', params: messageOf(error) });
    }
  }
}

async function listAtStart({ name, connection, whyGone }: OpenServer): Promise<ToolList> {
  try {
    return await connection.tools();
  } catch (error) {
    throw serverFailed(name, `did not list its tools: ${whyGone?.() ?? messageOf(error)}`, error);
  }
}

/** What each server lists. */
type Lists = ReadonlyMap<OpenServer, ToolList>;

/**
 * The tools the agent is shown, by name. Names that several servers use become `server__tool`; those of built-in tools
 * stay theirs. A tool whose input schema is none is left out, and `refuse` is told of it; the others stand.
 */
function arrange(
  lists: Lists,
  config: EnvironmentConfig,
  refuse: (server: string, problem: string) => void = () => {},
): Map<string, CallableTool> {
  const names = namesOf(lists);
  const callable = new Map<string, CallableTool>();
  for (const [server, { tools, refused }] of lists) {
    for (const problem of refused) refuse(server.name, problem);
    for (const tool of tools) {
      const name = names.get(tool) ?? tool.name;
      if (config.hide.includes(name)) continue;
      const check = checkOf(tool);
      if ('problem' in check) refuse(server.name, check.problem);
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

/** A name per tool, no two the same. */
function namesOf(lists: Lists): Map<Tool, string> {
  const uses = new Map<string, number>(Object.values(builtinTools).map((name) => [name, 1]));
  const own = [...lists].filter(([{ placement }]) => placement !== 'builtin');
  for (const [, { tools }] of own) for (const { name } of tools) uses.set(name, (uses.get(name) ?? 0) + 1);
  const isShared = (name: string) => (uses.get(name) ?? 0) > 1;
  const taken = new Set([...uses.keys()].filter((name) => !isShared(name) || isBuiltin(name)));
  const named = new Map<Tool, string>();
  for (const [server, { tools }] of own) {
    for (const tool of tools.filter(({ name }) => isShared(name))) {
      let name = `${server.name}__${tool.name}`;
      while (taken.has(name)) name += '_';
      taken.add(name);
      named.set(tool, name);
    }
  }
  return named;
}

const isBuiltin = (name: string) => Object.values<string>(builtinTools).includes(name);

function listed(name: string, tool: Tool, server: OpenServer, config: EnvironmentConfig): ListedTool {
  // A server may call a tool as every object calls something of its own, such as `constructor`.
  const declared = Object.hasOwn(config.tools, name) ? config.tools[name] : undefined;
  return {
    name,
    server: server.name,
    placement: server.placement,
    description: tool.description ?? '',
    inputSchema: tool.inputSchema,
    ...(tool.annotations && { annotations: tool.annotations }),
    declared: declared ?? defaultEffect(tool, server.placement),
    ...(!declared && !isDescribed(tool, server.placement) && { undeclared: true }),
  };
}

/** The check of a tool's arguments, or why there can be none. */
function checkOf({ name, inputSchema }: Tool): { check: ArgumentCheck } | { problem: string } {
  try {
    return { check: argumentCheck(inputSchema) };
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
    typeof readOnlyHint === 'boolean' ||
    typeof destructiveHint === 'boolean'
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
