import { resolve } from 'node:path';
import type { ToolServer } from '../../schema/environment.ts';
import { parseExactly } from '../../schema/exact-json.ts';
import type { Json } from '../../schema/json.ts';
import { type Connection, connect, serveTools } from '../mcp.ts';
import { connectOptions, type OpenServer, type ServerContext } from '../server.ts';
import { ModuleServer } from './module-server.ts';

/** Makes a fresh server of a host module, in a thread, and connects to it. Throws `bad-file`. */
export async function openHostServer(
  { name, module }: Extract<ToolServer, { placement: 'host' }>,
  context: ServerContext,
): Promise<OpenServer> {
  const { dir, seed, clock, data, sandbox, notify, startTimeoutMs } = context;
  const say = (method: string, params: Json) => notify({ server: name, method, params });
  const server = new ModuleServer(resolve(dir, module), {
    name,
    ...(sandbox && { sandbox }),
    log: (message) => say('notifications/message', { level: 'info', data: message }),
    failed: (why) => say('proctor/failed', why),
  });
  try {
    const opened = await server.open({ name, seed, clock, data }, startTimeoutMs);
    const tools = opened.tools.map((tool) => ({
      ...tool,
      call: (args: Parameters<Connection['call']>[1], { signal, timeoutMs }: CallLimits) =>
        server.call({ tool: tool.name, args, timeoutMs }, signal),
    }));
    const connection = await connect(await serveTools(tools), connectOptions(name, context));
    return {
      name,
      placement: 'host',
      connection: endingBlocked(connection, server),
      whyGone: () => server.whyGone(),
      ...(opened.hasState && { state: async () => parseExactly(await server.state()) }),
      async close() {
        await connection.close();
        await server.release();
      },
    };
  } catch (error) {
    await server.release();
    throw error;
  }
}

type CallLimits = { signal: AbortSignal; timeoutMs: number };

/** A tool that does not answer in time may wait for something, or hold its thread for good; then the server is lost. */
function endingBlocked(connection: Connection, server: ModuleServer): Connection {
  return {
    ...connection,
    async call(name, args, options) {
      const outcome = await connection.call(name, args, options);
      if (outcome.kind !== 'timeout' || !(await server.endIfBlocked(name, options.timeoutMs))) return outcome;
      return { kind: 'lost', message: server.whyGone() ?? 'its thread was ended' };
    },
  };
}
