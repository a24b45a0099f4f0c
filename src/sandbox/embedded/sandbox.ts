import { randomBytes } from 'node:crypto';
import PQueue from 'p-queue';
import { ProctorError } from '../../errors.ts';
import type { ExecOptions, ExecResult, Sandbox, SandboxInfo, SandboxSpec } from '../sandbox.ts';
import { createFiles } from './files.ts';
import { agentPath, folders, harnessPath, home } from './layout.ts';
import { createMirror } from './mirror.ts';
import type { ShellState } from './protocol.ts';
import { runCommand } from './run-command.ts';
import type { Thread } from './thread.ts';

export interface SandboxParts {
  spec: SandboxSpec;
  info: SandboxInfo;
  storageBytes: number;
  startThread(): Promise<Thread>;
  turns: PQueue;
}

const captureBytes = 64 * 1024 * 1024;

/** A sandbox whose files are kept here, and whose commands run in a thread that is made when it is needed. */
export async function createSandbox({
  spec,
  info,
  storageBytes,
  startThread,
  turns,
}: SandboxParts): Promise<Sandbox> {
  const id = `embedded-${randomBytes(6).toString('hex')}`;
  const mirror = createMirror();
  const queue = new PQueue({ concurrency: 1 });
  const closing = new AbortController();
  let quieting = new AbortController();
  let thread: Thread | undefined;

  const fresh = (path: string): ShellState => ({
    cwd: spec.workdir,
    env: { HOME: home, PATH: path, LANG: 'C.UTF-8', ...spec.env },
  });
  let agent = fresh(agentPath);

  const refuseIfClosed = () => {
    if (closing.signal.aborted) throw new ProctorError('sandbox-broken', `sandbox ${id} is closed`);
  };

  const opened = async (): Promise<Thread> => {
    if (thread) return thread;
    const started = await startThread();
    started.send({ kind: 'open', workdir: spec.workdir, storageBytes });
    started.send({ kind: 'change', changes: mirror.changes() });
    thread = started;
    void started.gone.then(() => {
      if (thread === started) thread = undefined;
    });
    return started;
  };

  const files = createFiles({
    mirror,
    storageBytes,
    refuseIfClosed,
    told: (changes) => thread?.send({ kind: 'change', changes }),
  });
  files.makeFolders([...folders, spec.workdir]);
  await files.api.write(spec.files);
  await opened();

  const run = async (command: string, options: ExecOptions): Promise<ExecResult> => {
    refuseIfClosed();
    const harness = options.as === 'harness';
    if (!harness && quieting.signal.aborted) {
      throw new ProctorError('sandbox-failed', `sandbox ${id} runs no more commands of the agent`);
    }
    const before = harness ? fresh(harnessPath) : agent;
    const signals = [
      closing.signal,
      ...(harness ? [] : [quieting.signal]),
      ...(options.signal ? [options.signal] : []),
    ];
    const { result, state } = await runCommand({
      thread: await opened(),
      command,
      state: { ...before, env: { ...before.env, ...options.env } },
      timeoutMs: options.timeoutMs,
      captureBytes: options.captureBytes ?? captureBytes,
      signal: AbortSignal.any(signals),
      changed: mirror.apply,
      turns,
    }).finally(refuseIfClosed);
    if (!harness && state) agent = without(state, before, options.env ?? {});
    return result;
  };

  return {
    id,
    info,
    files: files.api,
    async exec(command, options = {}) {
      refuseIfClosed();
      if (options.signal?.aborted) throw new ProctorError('interrupted', 'the command was called off');
      return queue.add(() => run(command, options), { throwOnTimeout: true });
    },
    async spawn() {
      throw new ProctorError('unsupported', 'the embedded sandbox has no long-lived processes: use docker');
    },
    async quiesce() {
      refuseIfClosed();
      quieting.abort();
      await queue.onIdle();
      return { count: 0, processes: [] };
    },
    async resume() {
      refuseIfClosed();
      quieting = new AbortController();
    },
    async health() {
      return closing.signal.aborted ? { alive: false, reason: `sandbox ${id} is closed` } : { alive: true };
    },
    async close() {
      closing.abort();
      await queue.onIdle();
      await thread?.kill();
    },
  };
}

/** The state after a command, as if the variables given to that one command had not been there. */
function without(after: ShellState, before: ShellState, once: Record<string, string>): ShellState {
  const env = { ...after.env };
  for (const [name, value] of Object.entries(once)) {
    if (env[name] !== value) continue;
    delete env[name];
    if (before.env[name] !== undefined) env[name] = before.env[name];
  }
  return { cwd: after.cwd, env };
}
