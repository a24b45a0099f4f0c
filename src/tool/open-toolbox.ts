import type { Environment } from '../environment/environment.ts';
import { ProctorError } from '../errors.ts';
import type { JsonObject } from '../schema/json.ts';
import { nearest } from './argument-check.ts';
import { resultOf, toolError, type UntimedResult } from './call-outcome.ts';
import { makeCatalog } from './catalog.ts';
import { openServers } from './open-servers.ts';
import type { ServerContext } from './server.ts';
import type { CallableTool } from './tool-list.ts';
import type { CallOptions, Toolbox } from './toolbox.ts';

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
  const { environment, captureBytes } = options;
  const { config, dir } = environment;
  const catalog = makeCatalog(config, dir, options.notify);
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
    await catalog.load(servers);
  } catch (error) {
    await close();
    throw error;
  }

  const run = async (tool: string, args: JsonObject, options: CallOptions): Promise<UntimedResult> => {
    const found = catalog.tools().get(tool);
    if (found === undefined) return unknownTool(tool, [...catalog.tools().keys()]);
    const faults = found.check(args);
    if (faults.length > 0) return badArguments(tool, faults);
    const answer = await found.server.connection.call(found.name, args, callOptions(found, options));
    await catalog.settled();
    return resultOf(answer, {
      tool,
      server: found.server,
      timeoutMs: options.timeoutMs,
      captureBytes,
      agentCanKill: config.builtin.includes('bash'),
    });
  };

  return {
    close,
    list: () => [...catalog.tools().values()].map(({ listed }) => listed),
    async call(tool, args, options) {
      const start = performance.now();
      const result = await run(tool, args, options);
      return { ...result, durationMs: performance.now() - start };
    },
    async state(name) {
      const state = servers.find((server) => server.name === name)?.state;
      if (state) return state();
      throw new ProctorError(
        'bad-file',
        `${dir}/environment.toml: the state of "${name}" was asked for, but it is no host server with a state().`,
      );
    },
  };
}

/** Servers of this process are told the call's time; built-in ones keep to it themselves. */
function callOptions({ server }: CallableTool, { signal, timeoutMs }: CallOptions) {
  const own = server.placement === 'builtin' || server.placement === 'host';
  return {
    signal,
    timeoutMs: server.placement === 'builtin' ? timeoutMs + graceMs : timeoutMs,
    ...(own && { meta: { proctor: { timeoutMs } } }),
  };
}

function unknownTool(tool: string, known: string[]): UntimedResult {
  const near = nearest(tool, known);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const text = `There is no tool "${tool}".${hint} The tools are: ${known.join(', ')}.`;
  return toolError(text, 'unknown-tool', 'house');
}

function badArguments(tool: string, faults: string[]): UntimedResult {
  const text = `"${tool}" was not called, because its arguments do not fit: ${faults.join('; ')}.`;
  return toolError(text, 'schema', 'house');
}
