import { AsyncLocalStorage } from 'node:async_hooks';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { ThreadLink } from '../../sandbox/thread-link.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { CallToolResult, InProcessTool } from '../mcp.ts';
import { linkedSandbox, type SandboxRequests } from './sandbox-link.ts';
import { type ModuleBrief, type ServedModule, serveModule } from './serve-module.ts';

/** What a thread of host modules is told. */
export type ThreadRequests = {
  /** A server is wanted; it is spoken to over `port`. */
  serve(port: MessagePort): void;
};

/** What the thread tells before it ends, as nobody knows whose module did what nothing caught. */
export type ThreadNews = { fault(why: string): void };

/** What a host module's server is asked. */
export type ModuleRequests = {
  open(params: {
    brief: ModuleBrief;
    sandbox?: Pick<Sandbox, 'id' | 'info'>;
  }): Promise<{ tools: Omit<InProcessTool, 'call'>[]; hasState: boolean }>;
  call(
    params: { tool: string; args: JsonObject; timeoutMs: number },
    signal: AbortSignal,
  ): Promise<CallToolResult>;
  state(): string;
  /** Says whether nothing of the module is left that could disturb the next trial. */
  close(): Promise<boolean>;
  ping(): void;
};

/** What it asks. */
export type ServerRequests = SandboxRequests & {
  log(message: string): void;
  /** Told what the module did that nothing caught. */
  fault(why: string): void;
};

if (!parentPort) throw new Error('thread-main is started as a worker thread');

/** What a module is doing. */
interface Work {
  server: ThreadLink<ServerRequests, ModuleRequests>;
  /** Absent while the server is made. */
  tool?: string;
  returned: boolean;
}

/** The work that code was started by, however late it runs. */
const startedBy = new AsyncLocalStorage<Work>();
/** Servers that are open. */
const open = new Set<Work['server']>();

const main = new ThreadLink<ThreadNews, ThreadRequests>(parentPort, { serve });

/** Serves one trial; what it leaves behind does not reach its sandbox or its log when it is over. */
function serve(port: MessagePort): void {
  const unfinished = new Set<Work>();
  const isOver = () => !open.has(link);
  let served: ServedModule | undefined;

  const begin = async <T>(work: Work, act: () => Promise<T>): Promise<T> => {
    unfinished.add(work);
    try {
      return await startedBy.run(work, act);
    } finally {
      work.returned = true;
      unfinished.delete(work);
    }
  };

  const link: Work['server'] = new ThreadLink<ServerRequests, ModuleRequests>(port, {
    async open({ brief, sandbox }) {
      const made = await begin({ server: link, returned: false }, () =>
        serveModule(brief, {
          log: (message) => void (isOver() || link.tell('log', message)),
          ...(sandbox && { sandbox: linkedSandbox(sandbox, link as never, isOver) }),
          cacheDir: workerData.cacheDir,
        }),
      );
      served = made;
      return { tools: made.tools.map(({ call: _, ...tool }) => tool), hasState: made.state !== undefined };
    },
    call({ tool: name, args, timeoutMs }, signal) {
      const tool = served?.tools.find((tool) => tool.name === name);
      if (!tool) throw new Error(`no tool "${name}"`);
      return begin({ server: link, tool: name, returned: false }, () =>
        tool.call(args, { signal, timeoutMs }),
      );
    },
    state() {
      if (!served?.state) throw new Error('no state');
      return served.state();
    },
    async close() {
      await served?.close();
      served = undefined;
      open.delete(link);
      setImmediate(() => port.close());
      if (unfinished.size > 0 || link.isWaiting) return false;
      return open.size > 0 || process.getActiveResourcesInfo().every((kind) => harmless.has(kind));
    },
    ping() {},
  });
  open.add(link);
}

/** What keeps this thread itself going; anything else was left behind by a module. */
const harmless = new Set(['MessagePort', 'Immediate']);

/** Tells what a module did, and whether it is known whose it was. */
function blame(what: string): boolean {
  const work = startedBy.getStore();
  const when = work?.tool && `"${work.tool}"${work.returned ? ', after it had returned,' : ''}`;
  const why = `${when ?? 'the module'} ${what}`;
  if (work) work.server.tell('fault', why);
  else main.tell('fault', why);
  return work !== undefined;
}

const exit = process.exit.bind(process);
process.on('uncaughtException', (error, origin) => {
  const did = origin === 'unhandledRejection' ? 'left a promise rejected' : 'threw where nothing caught it';
  if (!blame(`${did}: ${messageOf(error)}`)) exit(1);
});
process.exit = (code) => {
  if (!blame(`called process.exit(${code ?? ''})`)) exit(code);
  throw new Error('a tool server can’t end the process that it is served in');
};
