import { ProctorError } from '../../errors.ts';
import { deferred } from '../deferred.ts';
import { defaultCaptureBytes, OutputCapture } from '../output-capture.ts';
import type { ExecOptions, ExecResult } from '../sandbox.ts';
import { within } from '../within.ts';
import type { Channel } from './channel.ts';
import type { ContainerInit } from './container-init.ts';
import type { ShellState } from './shell-script.ts';
import { type CommandEnd, ShellStream } from './shell-stream.ts';

export interface ResidentShellOptions {
  /** Starts the supervisor in the container. */
  start(): Promise<Channel>;
  init: ContainerInit;
  workdir: string;
  /** Shell commands that export further variables at the start. */
  initialExports: string;
  /** Whether directory and variables carry over from command to command. */
  keepsState: boolean;
  /** Why the sandbox is dead, if it is. */
  broken(): Promise<ProctorError | undefined>;
}

const endTimeoutMs = 3_000;
const startTimeoutMs = 20_000;
const startAttempts = 3;
/** Exit code of a command whose end nobody reported: killed by signal 9. */
const killedExitCode = 137;

/** A shell that is ready for its command. */
interface ReadyShell {
  stream: ShellStream;
  pid: number;
}

/** A shell that lives as long as its sandbox. Where its processes were killed it is started again; its state lives here. */
export class ResidentShell {
  readonly #options: ResidentShellOptions;
  #state: ShellState | undefined;
  #stream: ShellStream | undefined;
  /** The shell for the next command, started ahead of it. */
  #next: Promise<ReadyShell | undefined> | undefined;

  constructor(options: ResidentShellOptions) {
    this.#options = options;
  }

  /** Starts it ahead of the first command. */
  warm(): void {
    if (!this.#next) this.#startAhead(this.#prepare());
  }

  /** Forgets the stream, after its processes were killed. */
  async reset(): Promise<void> {
    const pending = this.#next;
    this.#next = undefined;
    await pending?.catch(() => {});
    this.#drop();
  }

  /** Runs one command; commands are to be given one after the other. */
  async run(command: string, options: ExecOptions): Promise<ExecResult> {
    throwIfAborted(options);
    const shell = await this.#take();
    if (options.signal?.aborted) this.#next = Promise.resolve(shell);
    throwIfAborted(options);
    const startedAt = performance.now();
    const kill = () => this.#options.init.killGroup(shell.pid);
    const onCut = options.dropsExcess ? () => {} : kill;
    const capture = new OutputCapture(options.captureBytes ?? defaultCaptureBytes, onCut);
    const running = shell.stream.run(command, options.env ?? {}, capture);
    const { end, timedOut } = await supervise(running, kill, options);
    if (end) this.#onEnd(shell, end, options.env ?? {});
    else await this.#onUnkillable();
    if (end?.exitCode == null) await this.#throwIfBroken();
    throwIfAborted(options);
    return {
      ...capture.result(),
      exitCode: end?.exitCode ?? killedExitCode,
      timedOut,
      durationMs: performance.now() - startedAt,
    };
  }

  #onEnd(shell: ReadyShell, { state }: CommandEnd, env: Record<string, string>): void {
    if (state && this.#options.keepsState) {
      // Variables that were given for one command only must not carry over.
      const kept = Object.keys(env).length > 0 ? this.#state : undefined;
      this.#state = { ...state, ...(kept && { variables: kept.variables }) };
    }
    this.#startAhead(this.#prepareAfter(shell));
  }

  /** The command did not end when it was killed, so everything is killed. */
  async #onUnkillable(): Promise<void> {
    await this.#options.init.killAll();
    this.#drop();
  }

  async #throwIfBroken(): Promise<void> {
    // The stream of a dying container may close before that of its main process.
    await this.#options.init.ping(endTimeoutMs);
    const broken = await this.#options.broken();
    if (broken) throw broken;
  }

  /** The shell for a command: the one started ahead, or a new one. */
  async #take(): Promise<ReadyShell> {
    for (let attempt = 1; attempt <= startAttempts; attempt++) {
      const shell = await (this.#next ?? this.#prepare()).catch(() => undefined);
      this.#next = undefined;
      if (shell && !shell.stream.channel.isClosed) return shell;
      this.#drop();
      const broken = await this.#options.broken();
      if (broken) throw broken;
      if (attempt > 1) await this.#options.init.killAll();
    }
    throw new ProctorError('sandbox-broken', 'No shell can be started in the sandbox any more.');
  }

  #startAhead(next: Promise<ReadyShell | undefined>): void {
    this.#next = next;
    next.catch(() => {});
  }

  async #prepare(): Promise<ReadyShell | undefined> {
    const stream = this.#stream && !this.#stream.channel.isClosed ? this.#stream : await this.#open();
    const prepared = stream.prepare(this.#state as ShellState, this.#options.workdir);
    const pid = await within(startTimeoutMs, prepared);
    return pid ? { stream, pid } : undefined;
  }

  /** Output of what is left of a command must not reach the next one, which therefore gets a stream of its own. */
  async #prepareAfter({ stream, pid }: ReadyShell): Promise<ReadyShell | undefined> {
    await stream.gone();
    if (this.#stream === stream && (await this.#options.init.groupLives(pid))) this.#stream = undefined;
    return this.#prepare();
  }

  async #open(): Promise<ShellStream> {
    const { start, workdir, initialExports } = this.#options;
    const stream = new ShellStream(await start());
    this.#stream = stream;
    const { variables } = await stream.initial;
    this.#state ??= { directory: workdir, variables: new Map([...variables, ['', initialExports]]) };
    return stream;
  }

  #drop(): void {
    this.#stream?.channel.destroy();
    this.#stream = undefined;
    this.#next = undefined;
  }
}

/** Waits for the end, killing at the time-out or the caller's signal; `end` is undefined where even that did not help. */
async function supervise(
  running: Promise<CommandEnd>,
  kill: () => void,
  { timeoutMs, signal }: ExecOptions,
): Promise<{ end: CommandEnd | undefined; timedOut: boolean }> {
  const stopped = deferred<undefined>();
  let timedOut = false;
  const stop = () => {
    kill();
    stopped.resolve(undefined);
  };
  const onTimeout = () => {
    timedOut = true;
    stop();
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  const first = await Promise.race([running, stopped.promise]);
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  return { end: first ?? (await within(endTimeoutMs, running)), timedOut };
}

function throwIfAborted({ signal }: ExecOptions): void {
  if (signal?.aborted) throw new ProctorError('interrupted', 'The command was aborted.');
}
