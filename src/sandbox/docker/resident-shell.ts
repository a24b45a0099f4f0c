import { ProctorError } from '../../errors.ts';
import type { ExecOptions, ExecResult } from '../sandbox.ts';
import { capture } from './capture.ts';
import type { Channel } from './channel.ts';
import type { ContainerInit } from './container-init.ts';
import { exports } from './quote.ts';
import { type CommandEnd, type ShellState, type ShellStream, shellStream } from './shell-stream.ts';

/** A shell that lives as long as its sandbox. What it was killed with is started again; its state lives here. */
export interface ResidentShell {
  /** Runs one command; commands are to be given one after the other. */
  run(command: string, options: ExecOptions): Promise<ExecResult>;
  /** Starts it ahead of the first command. */
  warm(): void;
  /** Forgets the stream, after its processes were killed. */
  reset(): Promise<void>;
}

export interface ResidentShellOptions {
  /** Starts the supervisor in the container. */
  start(): Promise<Channel>;
  init: ContainerInit;
  workdir: string;
  /** Shell commands that export further variables at the start. */
  initial: string;
  /** Whether directory and variables carry over from command to command. */
  keepsState: boolean;
  /** Why the sandbox is dead, if it is. */
  broken(): Promise<ProctorError | undefined>;
}

const defaultCaptureBytes = 64 * 1024 * 1024;
const endTimeoutMs = 3_000;
const startTimeoutMs = 20_000;

interface Waiting {
  stream: ShellStream;
  pid: number;
}

export function residentShell(options: ResidentShellOptions): ResidentShell {
  const { init } = options;
  let state: ShellState | undefined;
  let stream: ShellStream | undefined;
  let waiting: Promise<Waiting | undefined> | undefined;

  const prepare = async (): Promise<Waiting | undefined> => {
    if (!stream || stream.channel.isClosed) {
      stream = shellStream(await options.start());
      const { variables } = await stream.initial;
      state ??= { directory: options.workdir, variables: new Map([...variables, ['', options.initial]]) };
    }
    const current = stream;
    const pid = await within(startTimeoutMs, current.prepare(state as ShellState, options.workdir));
    return pid ? { stream: current, pid } : undefined;
  };

  const drop = () => {
    stream?.channel.destroy();
    stream = undefined;
    waiting = undefined;
  };

  const ready = async (): Promise<Waiting> => {
    for (const attempt of [1, 2, 3]) {
      const shell = await (waiting ?? prepare()).catch(() => undefined);
      waiting = undefined;
      if (shell && !shell.stream.channel.isClosed) return shell;
      drop();
      const broken = await options.broken();
      if (broken) throw broken;
      if (attempt > 1) await init.killAll();
    }
    throw new ProctorError('sandbox-broken', 'No shell can be started in the sandbox any more.');
  };

  /** Output of what is left of a command must not reach the next one, which therefore gets a stream of its own. */
  const next = async ({ stream: used, pid }: Waiting): Promise<Waiting | undefined> => {
    await used.gone();
    if (stream === used && (await init.groupLives(pid))) stream = undefined;
    return prepare();
  };

  const run = async (command: string, execOptions: ExecOptions): Promise<ExecResult> => {
    if (execOptions.signal?.aborted) throw calledOff();
    const shell = await ready();
    if (execOptions.signal?.aborted) {
      waiting = Promise.resolve(shell);
      throw calledOff();
    }
    const startedAt = performance.now();
    const kill = () => init.killGroup(shell.pid);
    const captured = capture(execOptions.captureBytes ?? defaultCaptureBytes, kill);
    const { env = {} } = execOptions;
    const running = shell.stream.run(command, exports(env), captured.add);
    const { end, timedOut } = await supervise(running, kill, execOptions);
    if (end === undefined) {
      await init.killAll();
      drop();
    } else {
      if (end.state && options.keepsState) state = mergedState(end.state, state, env);
      waiting = next(shell);
      waiting.catch(() => {});
    }
    if (end?.exitCode == null) {
      // A dying container may close this stream before the init's.
      await init.ping(endTimeoutMs);
      const broken = await options.broken();
      if (broken) throw broken;
    }
    if (execOptions.signal?.aborted) throw calledOff();
    return {
      stdout: captured.bytes(1),
      stderr: captured.bytes(2),
      exitCode: end?.exitCode ?? 137,
      timedOut,
      captureCut: captured.isCut(),
      durationMs: performance.now() - startedAt,
    };
  };

  return {
    run,
    warm: () => {
      waiting ??= prepare();
      waiting.catch(() => {});
    },
    reset: async () => {
      const pending = waiting;
      waiting = undefined;
      await pending?.catch(() => {});
      drop();
    },
  };
}

/** Waits for the end, killing at the time-out or the caller's signal; `end` is undefined where even that did not help. */
async function supervise(
  running: Promise<CommandEnd>,
  kill: () => void,
  { timeoutMs, signal }: ExecOptions,
): Promise<{ end: CommandEnd | undefined; timedOut: boolean }> {
  let timedOut = false;
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<void>((resolve) => {
    const stop = () => {
      kill();
      resolve();
    };
    signal?.addEventListener('abort', stop, { once: true });
    running.then(() => signal?.removeEventListener('abort', stop));
    if (timeoutMs === undefined) return;
    timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, timeoutMs);
  });
  const first = await Promise.race([running, stopped]);
  clearTimeout(timer);
  return { end: first ?? (await within(endTimeoutMs, running)), timedOut };
}

/** Variables that were given for one command only must not carry over. */
function mergedState(
  next: ShellState,
  last: ShellState | undefined,
  once: Record<string, string>,
): ShellState {
  if (Object.keys(once).length === 0 || !last) return next;
  return { directory: next.directory, variables: last.variables };
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function calledOff(): ProctorError {
  return new ProctorError('interrupted', 'The command was called off.');
}
