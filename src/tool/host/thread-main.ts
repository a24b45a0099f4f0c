import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { ThreadLink } from '../../sandbox/thread-link.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { CallToolResult, InProcessTool } from '../mcp.ts';
import { linkedSandbox, type SandboxRequests } from './sandbox-link.ts';
import { type ModuleBrief, type ServedModule, serveModule } from './serve-module.ts';

/** What the thread of a host module is asked. */
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

/** What a host module's thread asks. */
export type ThreadRequests = SandboxRequests & {
  log(message: string): void;
  /** Told before the thread ends by itself: what ended it. */
  fault(why: string): void;
};

if (!parentPort) throw new Error('thread-main is started as a worker thread');

interface RunningCall {
  tool: string;
  returned: boolean;
}

/** The call that code was started by, however late it runs. */
const startedBy = new AsyncLocalStorage<RunningCall>();
const unfinished = new Set<RunningCall>();
let served: ServedModule | undefined;
/** Number of trials so far: what an earlier one left behind must not reach the sandbox or the log of this one. */
let trials = 0;

const link = new ThreadLink<ThreadRequests, ModuleRequests>(parentPort, {
  async open({ brief, sandbox }) {
    const trial = ++trials;
    const isOver = () => trial !== trials;
    served = await serveModule(brief, {
      log: (message) => void (isOver() || link.tell('log', message)),
      ...(sandbox && { sandbox: linkedSandbox(sandbox, link as never, isOver) }),
      cacheDir: workerData.cacheDir,
    });
    return { tools: served.tools.map(({ call: _, ...tool }) => tool), hasState: served.state !== undefined };
  },
  async call({ tool: name, args, timeoutMs }, signal) {
    const tool = served?.tools.find((tool) => tool.name === name);
    if (!tool) throw new Error(`no tool "${name}"`);
    const running: RunningCall = { tool: name, returned: false };
    unfinished.add(running);
    try {
      return await startedBy.run(running, () => tool.call(args, { signal, timeoutMs }));
    } finally {
      running.returned = true;
      unfinished.delete(running);
    }
  },
  state() {
    if (!served?.state) throw new Error('no state');
    return served.state();
  },
  async close() {
    await served?.close();
    served = undefined;
    if (unfinished.size > 0 || link.isWaiting) return false;
    return process.getActiveResourcesInfo().every((kind) => harmless.has(kind));
  },
  ping() {},
});

/** What keeps this thread itself going; anything else was left behind by a module. */
const harmless = new Set(['MessagePort', 'Immediate']);

const exit = process.exit.bind(process);
const end = (what: string, code: number): never => {
  const call = startedBy.getStore();
  const when = call && `"${call.tool}"${call.returned ? ', after it had returned,' : ''}`;
  link.tell('fault', `${when ?? 'the module'} ${what}`);
  return exit(code);
};
process.on('uncaughtException', (error, origin) =>
  end(
    `${origin === 'unhandledRejection' ? 'left a promise rejected' : 'threw where nothing caught it'}: ${messageOf(error)}`,
    1,
  ),
);
process.exit = (code) => end(`called process.exit(${code ?? ''})`, Number(code ?? 0));
