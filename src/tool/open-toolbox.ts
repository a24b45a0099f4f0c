import type { Environment } from '../environment/environment.ts';
import { ProctorError } from '../errors.ts';
import type { EnvironmentConfig, ToolServer } from '../schema/environment.ts';
import { markBigInteger, parseExactly, parseWithBigInts } from '../schema/exact-json.ts';
import type { JsonObject } from '../schema/json.ts';
import { nameHint } from './argument-check.ts';
import { openBuiltins } from './builtin/open-builtins.ts';
import { resultOf } from './call-outcome.ts';
import { type CallableTool, Catalog } from './catalog.ts';
import { openHostServer } from './host/open-host-server.ts';
import { openRemoteServer } from './remote.ts';
import { withResourceTools } from './resource-tools.ts';
import { openSandboxHttpServer } from './sandbox-http.ts';
import { openSandboxServer } from './sandbox-server.ts';
import type { OpenServer, ServerContext } from './server.ts';
import { type CallOptions, notCalled, type Toolbox, type ToolResult } from './toolbox.ts';

export interface ToolboxOptions extends Omit<ServerContext, 'dir' | 'startTimeoutMs'> {
  environment: Environment;
  /** 30 s when absent. */
  startTimeoutMs?: number;
}

/** What built-in tools have beyond the call's own time, to end what they run and say so. */
const graceMs = 10_000;

/**
 * Connects to every tool server of an environment. Throws `tool-server-failed` where one does not start, `bad-file` where a
 * module or a name in `environment.toml` is wrong, `unsupported` where the sandbox can't run a server; leaves nothing open then.
 *
 * A server that ends by itself is the harness's failure: its calls throw `tool-server-failed`. But where the server runs in the
 * sandbox and the agent has a shell there, who ended it can't be told; its calls then give an error (`server-gone`), and the
 * trial goes on. A call throws `interrupted` once its signal is aborted.
 */
export async function openToolbox(options: ToolboxOptions): Promise<Toolbox> {
  const { config, dir } = options.environment;
  const catalog = new Catalog(config, options.notify);
  const servers = await openServers(config, {
    startTimeoutMs: 30_000,
    ...options,
    dir,
    notify(notification) {
      options.notify(notification);
      catalog.heard(notification);
    },
  });
  const close = async () => {
    await Promise.allSettled(servers.map((server) => server.close()));
  };
  try {
    await catalog.load(servers, dir);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    close,
    list: () => [...catalog.tools.values()].map(({ listed }) => listed),
    call: (tool, args, call) => callTool(tool, args, call, catalog, options),
    async state(name) {
      const server = servers.find((server) => server.name === name);
      if (server?.state) return server.state();
      throw new ProctorError(
        'bad-file',
        `${dir}/environment.toml: the state of "${name}" was asked for, but it is no host server with a state().`,
      );
    },
  };
}

/** Has a tool called where it is, and says what the outcome means to the trial. */
async function callTool(
  tool: string,
  given: JsonObject,
  options: CallOptions,
  catalog: Catalog,
  { environment, captureBytes }: ToolboxOptions,
): Promise<ToolResult> {
  const found = catalog.tools.get(tool);
  if (found === undefined) return unknownTool(tool, [...catalog.tools.keys()]);
  const { faults, args } = found.check(given);
  if (faults.length > 0) {
    const text = `"${tool}" was not called, because its arguments do not fit: ${faults.join('; ')}.`;
    return notCalled('schema', text);
  }
  const start = performance.now();
  const outcome = await found.server.connection.call(
    found.name,
    args === given ? exactly(found, args, options) : args,
    callOptions(found, options),
  );
  await catalog.settled;
  return resultOf(outcome, {
    tool,
    server: found.server,
    timeoutMs: options.timeoutMs,
    captureBytes,
    agentCanKill: environment.config.builtin.includes('bash'),
    durationMs: performance.now() - start,
  });
}

/** The arguments with their integers as they were written: marked for servers that are sent JSON text, bigints for host modules. */
function exactly({ server }: CallableTool, args: JsonObject, { exact }: CallOptions): JsonObject {
  if (exact === undefined || server.placement === 'builtin') return args;
  const read = server.placement === 'host' ? parseWithBigInts(exact) : parseExactly(exact, markBigInteger);
  return read as JsonObject;
}

/** Servers of this process are told the call's time; built-in ones keep to it themselves. */
function callOptions({ server }: CallableTool, { signal, timeoutMs, waiting }: CallOptions) {
  const own = server.placement === 'builtin' || server.placement === 'host';
  return {
    signal,
    timeoutMs: server.placement === 'builtin' ? timeoutMs + graceMs : timeoutMs,
    ...(waiting && { waiting }),
    ...(own && { meta: { proctor: { timeoutMs } } }),
  };
}

function unknownTool(tool: string, known: string[]): ToolResult {
  const hint = nameHint(tool, known, '').replace(/^did/, ' Did');
  const text = `There is no tool "${tool}".${hint} The tools are: ${known.join(', ')}.`;
  return notCalled('unknown-tool', text);
}

/** Opens the built-in server and those of the environment, all at once. Where one fails, the others are closed and its error thrown. */
async function openServers(config: EnvironmentConfig, context: ServerContext): Promise<OpenServer[]> {
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

function openPlaced(server: ToolServer, given: ServerContext): Promise<OpenServer> {
  const { start_timeout_seconds: seconds } = server;
  const context = { ...given, ...(seconds !== undefined && { startTimeoutMs: seconds * 1000 }) };
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
