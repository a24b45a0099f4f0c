import { randomBytes } from 'node:crypto';
import { deferred } from '../deferred.ts';
import type { OutputCapture, OutputStream } from '../output-capture.ts';
import { shellWordOnOneLine } from '../shell-word.ts';
import type { Channel } from './channel.ts';
import { type Frame, FrameParser } from './frame.ts';
import { exportCommands, exportedVariables, preparation, type ShellState } from './shell-script.ts';

export interface CommandEnd {
  /** Null where the shell went away before it could report one. */
  exitCode: number | null;
  state?: ShellState;
}

/** The stream to a supervisor, which starts one shell after the other; each is prepared, waits, and runs one command. */
export class ShellStream {
  readonly channel: Channel;
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #initial = deferred<ShellState>();
  readonly #isSetUp: Promise<void>;
  /** What a shell reports of its state on stdout: its variables, then its directory. */
  #report: Buffer[] | undefined;
  #variables: ReadonlyMap<string, string> = new Map();
  #shell = new WaitingShell(0);

  constructor(channel: Channel) {
    this.channel = channel;
    const parsers = { stdout: this.#parser('stdout'), stderr: this.#parser('stderr') };
    channel.onOutput((stream, data) => parsers[stream].push(data));
    void channel.closed.then(() => this.#onClosed());
    channel.write(`${this.#nonce}\n`);
    this.#isSetUp = this.initial.then((state) => this.#unset(state));
  }

  /** The state that the supervisor was started in. */
  get initial(): Promise<ShellState> {
    return this.#initial.promise;
  }

  /** Puts the waiting shell into a state; resolves with its process id, or null where the stream is gone. */
  async prepare(state: ShellState, fallbackDirectory: string): Promise<number | null> {
    await this.#isSetUp;
    if (this.channel.isClosed) return null;
    this.#shell = new WaitingShell(this.#shell.index + 1);
    this.#report = undefined;
    this.channel.write(`${preparation(state, fallbackDirectory, this.#nonce)}\n`);
    return this.#shell.ready.promise;
  }

  /** Gives the waiting shell its command; resolves when its end was reported on both streams. */
  run(command: string, env: Record<string, string>, capture: OutputCapture): Promise<CommandEnd> {
    this.#shell.capture = capture;
    if (this.channel.isClosed) this.#shell.lose();
    this.channel.write(`${exportCommands(env)}set -- ${shellWordOnOneLine(command)}\n`);
    return this.#shell.ended.promise;
  }

  /** Resolves when the process of the last command is gone. */
  gone(): Promise<void> {
    return this.#shell.gone.promise;
  }

  #parser(stream: OutputStream): FrameParser {
    return new FrameParser(this.#nonce, {
      onBytes: (bytes) => {
        if (stream === 'stdout' && this.#report) this.#report.push(bytes);
        else this.#shell.capture?.add(stream, bytes);
      },
      onFrame: (frame) => this.#onFrame(stream, frame),
    });
  }

  #onFrame(stream: OutputStream, { kind, numbers: [first = 0, second = 0] }: Frame): void {
    if (kind === 'variables') this.#report = [];
    else if (kind === 'directory') this.#variables = exportedVariables(this.#takeReport([]));
    else if (kind === 'state') this.#onState(this.#takeReport(undefined));
    else if (kind === 'ready') this.#shell.ready.resolve(first);
    else if (kind === 'exit') this.#shell.exited(stream, first);
    else if (kind === 'gone' && first === this.#shell.index) this.#shell.vanished(stream, second);
  }

  #takeReport(next: Buffer[] | undefined): string {
    const text = Buffer.concat(this.#report ?? []).toString();
    this.#report = next;
    return text;
  }

  #onState(directory: string): void {
    const state = { directory, variables: this.#variables };
    this.#shell.state = state;
    this.#initial.resolve(state);
  }

  #onClosed(): void {
    this.#initial.resolve({ directory: '/', variables: this.#variables });
    this.#shell.lose();
  }

  #unset({ variables }: ShellState): void {
    const names = [...variables.keys()].filter((name) => name !== 'PATH');
    this.channel.write(`unset ${names.join(' ')} LC_ALL\n`);
  }
}

/** One shell of a stream: being prepared until `ready`, running until `ended`, and `gone` when its process is. */
class WaitingShell {
  readonly index: number;
  /** Resolves with the process id; null where the stream was lost. */
  readonly ready = deferred<number | null>();
  readonly ended = deferred<CommandEnd>();
  readonly gone = deferred<void>();
  /** Where its output goes while its command runs. */
  capture: OutputCapture | undefined;
  state: ShellState | undefined;
  readonly #exitedOn = new Set<OutputStream>();
  readonly #goneOn = new Set<OutputStream>();
  #exitCode: number | null = null;

  constructor(index: number) {
    this.index = index;
  }

  /** The shell reported its exit code on a stream. */
  exited(stream: OutputStream, exitCode: number): void {
    this.#exitCode = exitCode;
    if (this.#exitedOn.add(stream).size === 2) this.#end();
  }

  /** The supervisor reported on a stream that the process is gone. */
  vanished(stream: OutputStream, exitCode: number): void {
    if (this.#goneOn.add(stream).size < 2) return;
    this.#exitCode ??= exitCode;
    this.#end();
    this.gone.resolve();
  }

  /** The stream closed. */
  lose(): void {
    this.ready.resolve(null);
    this.ended.resolve({ exitCode: null });
    this.gone.resolve();
  }

  #end(): void {
    this.capture = undefined;
    this.ended.resolve({ exitCode: this.#exitCode, ...(this.state && { state: this.state }) });
  }
}
