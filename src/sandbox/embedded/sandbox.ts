import { randomBytes } from 'node:crypto';
import PQueue from 'p-queue';
import { ProctorError } from '../../errors.ts';
import { defaultCaptureBytes } from '../output-capture.ts';
import type { ExecOptions, ExecResult, Sandbox, SandboxInfo, SandboxSpec } from '../sandbox.ts';
import { EmbeddedFiles } from './files.ts';
import { agentPath, folders, harnessPath, home } from './layout.ts';
import { FileMirror } from './mirror.ts';
import type { ShellState } from './protocol.ts';
import { runCommand } from './run-command.ts';
import type { ShellThread } from './thread.ts';
import type { ThreadLimit } from './thread-limit.ts';
import type { ThreadShelf } from './thread-shelf.ts';

export interface EmbeddedSandboxParts {
  spec: SandboxSpec;
  info: SandboxInfo;
  storageBytes: number;
  /** Shared by the sandboxes of a process: limits how many interpreters run at a time. */
  interpreters: PQueue;
  threads: ThreadShelf;
  /** Shared by the sandboxes of a process. */
  limit: ThreadLimit;
}

/** A sandbox whose files are kept here, and whose commands run in a thread that is started when it is needed. */
export class EmbeddedSandbox implements Sandbox {
  readonly id = `embedded-${randomBytes(6).toString('hex')}`;
  readonly info: SandboxInfo;
  readonly files: EmbeddedFiles;
  readonly #parts: EmbeddedSandboxParts;
  readonly #mirror = new FileMirror();
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #closing = new AbortController();
  #quiescing = new AbortController();
  #thread: ShellThread | undefined;
  #agentState: ShellState;

  static async open(parts: EmbeddedSandboxParts): Promise<EmbeddedSandbox> {
    const sandbox = new EmbeddedSandbox(parts);
    await sandbox.files.write(parts.spec.files);
    await sandbox.#withThread(async () => {});
    return sandbox;
  }

  private constructor(parts: EmbeddedSandboxParts) {
    this.#parts = parts;
    const { spec, info, storageBytes } = parts;
    this.info = info;
    this.#agentState = this.#freshState(agentPath);
    this.files = new EmbeddedFiles({
      mirror: this.#mirror,
      storageBytes,
      requireOpen: () => this.#requireOpen(),
      onChanges: (changes) => this.#thread?.send({ kind: 'change', changes }),
    });
    this.files.makeFolders([...folders, spec.workdir]);
  }

  readonly exec: Sandbox['exec'] = async (command, options = {}) => {
    this.#requireOpen();
    if (options.signal?.aborted) throw new ProctorError('interrupted', 'the command was aborted');
    return this.#queue.add(() => this.#execNow(command, options), { throwOnTimeout: true });
  };

  readonly spawn: Sandbox['spawn'] = async () => {
    throw new ProctorError('unsupported', 'the embedded sandbox has no long-lived processes: use docker');
  };

  readonly quiesce: Sandbox['quiesce'] = async () => {
    this.#requireOpen();
    this.#quiescing.abort();
    await this.#queue.onIdle();
    return { count: 0, processes: [] };
  };

  readonly resume: Sandbox['resume'] = async () => {
    this.#requireOpen();
    this.#quiescing = new AbortController();
  };

  readonly health: Sandbox['health'] = async () =>
    this.#closing.signal.aborted ? { alive: false, reason: `sandbox ${this.id} is closed` } : { alive: true };

  readonly close: Sandbox['close'] = async () => {
    this.#closing.abort();
    await this.#queue.onIdle();
    const { threads, limit } = this.#parts;
    const thread = this.#thread;
    this.#thread = undefined;
    if (thread && limit.wake(thread)) await threads.leave(thread);
  };

  async #execNow(command: string, options: ExecOptions): Promise<ExecResult> {
    this.#requireOpen();
    const isAgent = options.as !== 'harness';
    if (isAgent && this.#quiescing.signal.aborted) {
      throw new ProctorError(
        'sandbox-failed',
        `sandbox ${this.id} was quiesced; only the harness may use it`,
      );
    }
    const signals = [
      this.#closing.signal,
      ...(isAgent ? [this.#quiescing.signal] : []),
      options.signal,
    ].filter((signal) => signal !== undefined);
    const before = isAgent ? this.#agentState : this.#freshState(harnessPath);
    const { result, state } = await this.#withThread((thread) =>
      runCommand({
        thread,
        command,
        state: { ...before, env: { ...before.env, ...options.env } },
        timeoutMs: options.timeoutMs,
        captureBytes: options.captureBytes ?? defaultCaptureBytes,
        dropsExcess: options.dropsExcess ?? false,
        signal: AbortSignal.any(signals),
        onChange: (change) => this.#mirror.apply(change),
        interpreters: this.#parts.interpreters,
      }),
    ).finally(() => this.#requireOpen());
    if (isAgent && state) this.#agentState = without(state, before, options.env ?? {});
    return result;
  }

  async #withThread<T>(act: (thread: ShellThread) => Promise<T>): Promise<T> {
    const { limit } = this.#parts;
    return limit.work(async () => {
      const thread = await this.#openThread();
      try {
        return await act(thread);
      } finally {
        await limit.rest(thread, () => {
          this.#thread = undefined;
        });
      }
    });
  }

  async #openThread(): Promise<ShellThread> {
    const { spec, storageBytes, threads, limit } = this.#parts;
    if (this.#thread && limit.wake(this.#thread)) return this.#thread;
    const { memoryMb } = spec.limits;
    const thread = limit.takeOver(memoryMb) ?? (await threads.take(memoryMb));
    thread.send({ kind: 'open', workdir: spec.workdir, storageBytes });
    thread.send({ kind: 'change', changes: this.#mirror.changes() });
    this.#thread = thread;
    return thread;
  }

  #freshState(path: string): ShellState {
    const { workdir, env } = this.#parts.spec;
    return { cwd: workdir, env: { HOME: home, PATH: path, LANG: 'C.UTF-8', ...env } };
  }

  #requireOpen(): void {
    if (this.#closing.signal.aborted)
      throw new ProctorError('sandbox-broken', `sandbox ${this.id} is closed`);
  }
}

/** The state after a command, without the variables that were given to that one command. */
function without(after: ShellState, before: ShellState, once: Record<string, string>): ShellState {
  const env = { ...after.env };
  for (const [name, value] of Object.entries(once)) {
    if (env[name] !== value) continue;
    delete env[name];
    if (before.env[name] !== undefined) env[name] = before.env[name];
  }
  return { cwd: after.cwd, env };
}
