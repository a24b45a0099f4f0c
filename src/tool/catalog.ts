import { messageOf, ProctorError } from '../errors.ts';
import type { EnvironmentConfig } from '../schema/environment.ts';
import type { Tool } from './mcp.ts';
import type { OpenServer } from './server.ts';
import { arrange, type CallableTool, checkNames } from './tool-list.ts';
import type { ServerNotification } from './toolbox.ts';

/** The tools of a trial as they are listed now. */
export interface Catalog {
  /** Asks the servers for their tools. Throws as `checkNames` and `arrange` do. */
  load(servers: readonly OpenServer[]): Promise<void>;
  /** Lists a server anew where it says that its tools changed. */
  heard(notification: ServerNotification): void;
  /** Settles when no list is being fetched. Never rejects. */
  settled(): Promise<void>;
  tools(): ReadonlyMap<string, CallableTool>;
}

export function makeCatalog(
  config: EnvironmentConfig,
  dir: string,
  notify: (notification: ServerNotification) => void,
): Catalog {
  const lists = new Map<OpenServer, readonly Tool[]>();
  const waiting = new Set<OpenServer>();
  let tools: ReadonlyMap<string, CallableTool> = new Map();
  let refreshed = Promise.resolve();

  const listings = () => [...lists].map(([server, listed]) => ({ server, tools: listed }));
  const refresh = async (server: OpenServer) => {
    waiting.delete(server);
    const before = lists.get(server) ?? [];
    try {
      lists.set(server, await server.connection.tools());
      tools = arrange(listings(), config);
    } catch (error) {
      lists.set(server, before);
      notify({ server: server.name, method: 'proctor/list-failed', params: messageOf(error) });
    }
  };
  return {
    tools: () => tools,
    settled: () => refreshed,
    heard({ server: name, method }) {
      const server = [...lists.keys()].find((server) => server.name === name);
      if (method !== 'notifications/tools/list_changed' || server === undefined || waiting.has(server))
        return;
      waiting.add(server);
      refreshed = refreshed.then(() => refresh(server));
    },
    async load(servers) {
      for (const server of servers) lists.set(server, await listAtStart(server));
      checkNames(listings(), config, dir);
      tools = arrange(listings(), config);
    },
  };
}

async function listAtStart({ name, connection, whyGone }: OpenServer): Promise<readonly Tool[]> {
  try {
    return await connection.tools();
  } catch (error) {
    throw new ProctorError(
      'tool-server-failed',
      `Tool server "${name}" did not list its tools: ${whyGone?.() ?? messageOf(error)}`,
      { cause: error },
    );
  }
}
