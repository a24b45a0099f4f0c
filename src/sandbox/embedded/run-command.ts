import type PQueue from 'p-queue';
import { ProctorError } from '../../errors.ts';
import { type Deferred, deferred } from '../deferred.ts';
import { OutputCapture } from '../output-capture.ts';
import type { ExecResult } from '../sandbox.ts';
import type { Change, ShellState, ThreadEvent } from './protocol.ts';
import type { ShellThread } from './thread.ts';

export interface CommandRun {
  thread: ShellThread;
  command: string;
  state: ShellState;
  timeoutMs: number | undefined;
  captureBytes: number;
  dropsExcess: boolean;
  signal: AbortSignal;
  onChange(change: Change): void;
  /** Shared by the sandboxes of a process: limits how many interpreters run at a time. */
  interpreters: PQueue;
}

type Ending =
  | { kind: 'done'; exitCode: number }
  | { kind: 'failed'; message: string }
  | { kind: 'timed-out' | 'cut' | 'aborted' }
  | { kind: 'died'; reason: Error | undefined };

const killedExitCode = 137;

/** Runs one command to its end, which may be the end of the thread. `state` is the last one the shell reported. */
export async function runCommand(
  run: CommandRun,
): Promise<{ result: ExecResult; state: ShellState | undefined }> {
  const startedAt = performance.now();
  const command = new RunningCommand(run);
  const ending = await command.ended;
  if (ending.kind !== 'done') await run.thread.kill();
  const durationMs = performance.now() - startedAt;
  return { result: { ...command.result(ending), durationMs }, state: command.state };
}

/** A command until its first ending: it is done, fails, is stopped, or its thread dies. */
class RunningCommand {
  state: ShellState | undefined;
  readonly #run: CommandRun;
  readonly #ended = deferred<Ending>();
  readonly #capture: OutputCapture;
  readonly #timeout: PausableTimeout;
  readonly #forgetThread: () => void;
  /** While its interpreter runs. */
  #turn: Deferred<void> | undefined;
  #hasEnded = false;

  constructor(run: CommandRun) {
    this.#run = run;
    this.#capture = new OutputCapture(run.captureBytes, () => {
      if (!run.dropsExcess) this.#end({ kind: 'cut' });
    });
    this.#timeout = new PausableTimeout(run.timeoutMs, () => this.#end({ kind: 'timed-out' }));
    run.thread.onEvent((event) => this.#onEvent(event));
    this.#forgetThread = run.thread.onGone((reason) => this.#end({ kind: 'died', reason }));
    const abort = () => this.#end({ kind: 'aborted' });
    run.signal.addEventListener('abort', abort, { once: true });
    if (run.signal.aborted) abort();
    else run.thread.send({ kind: 'run', command: run.command, state: run.state });
  }

  get ended(): Promise<Ending> {
    return this.#ended.promise;
  }

  /** Throws where the ending is no result. */
  result(ending: Ending): Omit<ExecResult, 'durationMs'> {
    const output = this.#capture.result();
    switch (ending.kind) {
      case 'done':
        return { ...output, exitCode: ending.exitCode, timedOut: false };
      case 'timed-out':
      case 'cut':
        return { ...output, exitCode: killedExitCode, timedOut: ending.kind === 'timed-out' };
      case 'aborted':
        throw new ProctorError('interrupted', 'the command was aborted');
      case 'failed':
        throw new ProctorError('sandbox-failed', `the embedded shell failed: ${ending.message}`);
      case 'died':
        return { ...output, ...outOfMemory(ending.reason, output.stderr), timedOut: false };
    }
  }

  #onEvent(event: ThreadEvent): void {
    if (event.kind === 'output') this.#capture.add(event.stream, event.data);
    else if (event.kind === 'change') this.#run.onChange(event.change);
    else if (event.kind === 'state') this.state = event.state;
    else if (event.kind === 'turn-asked') this.#awaitTurn();
    else if (event.kind === 'turn-over') this.#turn?.resolve();
    else if (event.kind === 'done' || event.kind === 'failed') this.#end(event);
  }

  #end(ending: Ending): void {
    this.#timeout.stop();
    this.#forgetThread();
    this.#hasEnded = true;
    this.#turn?.resolve();
    this.#ended.resolve(ending);
  }

  /** Lets an interpreter run when it is its turn; the command's own time-out is paused until then. */
  #awaitTurn(): void {
    this.#timeout.pause();
    void this.#run.interpreters.add(async () => {
      if (this.#hasEnded) return;
      this.#timeout.resume();
      this.#turn = deferred();
      this.#run.thread.send({ kind: 'turn' });
      await this.#turn.promise;
    });
  }
}

/** As a kernel does it: the command that needs too much memory is killed, and the machine goes on. Throws for any other reason. */
function outOfMemory(reason: Error | undefined, stderr: Buffer): { stderr: Buffer; exitCode: number } {
  if ((reason as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const message = Buffer.from('Killed: out of memory\n');
    return { stderr: Buffer.concat([stderr, message]), exitCode: killedExitCode };
  }
  const why = reason?.message ?? 'no reason given';
  throw new ProctorError('sandbox-failed', `the embedded shell died: ${why}`);
}

/** Calls `onTimeout` once after `ms` of running time; never where there is no limit. */
class PausableTimeout {
  readonly #onTimeout: () => void;
  #leftMs: number | undefined;
  #runningSince = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number | undefined, onTimeout: () => void) {
    this.#leftMs = ms;
    this.#onTimeout = onTimeout;
    this.resume();
  }

  pause(): void {
    if (this.#leftMs === undefined || !this.#timer) return;
    this.stop();
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#runningSince));
  }

  resume(): void {
    if (this.#leftMs === undefined) return;
    this.#runningSince = performance.now();
    this.#timer = setTimeout(this.#onTimeout, this.#leftMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
