import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../../errors.ts';
import { type Deferred, deferred } from '../deferred.ts';
import type { Channel } from './channel.ts';
import { type Frame, FrameParser } from './frame.ts';

/**
 * The main process of every container: a loop that evaluates the harness's lines. As process 1 it can't be killed from inside, and it
 * belongs to root, so the agent can neither read nor trace it. `jobs` reaps orphans without forking; `command eval` lets the loop outlive
 * a fork that fails. When the harness exits, its input ends, and with it the container.
 */
export const initArgv = [
  'sh',
  '-c',
  'n="$1"; trap "" HUP INT TERM; while IFS= read -r line; do jobs >/dev/null 2>&1; command eval "$line"; done',
  'init',
  '\n',
];

const askTimeoutMs = 10_000;
/** Between checks whether a program is still alive, and how long its output may arrive after it. */
const livenessCheckMs = 1_000;
const lateOutputMs = 5_000;

/** Paths of one question, so that the answer fits into the line of a frame. */
const pathsPerQuestion = 16;
const killTimeoutMs = 2_000;
const maxKillRounds = 50;
const killRoundMs = 5;

type Answer = (numbers?: number[]) => void;

/** A program that was started by `run`, until it reports its end, its time is over, or the container is gone. */
interface RunningProgram {
  id: number;
  output: Buffer[];
  /** Resolves with whether it reported its end. */
  reported: Deferred<boolean>;
  isOver: boolean;
}

/**
 * The harness's connection to a container's main process, out of the agent's reach. Answers come on stderr and the output of `run` on
 * stdout, so that a slow program never delays a kill.
 */
export class ContainerInit {
  readonly channel: Channel;
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #unanswered = new Map<number, Answer>();
  #lastId = 0;
  #program: RunningProgram | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(channel: Channel) {
    this.channel = channel;
    const parsers = {
      stdout: new FrameParser(this.#nonce, {
        onBytes: (bytes) => this.#program?.output.push(bytes),
        onFrame: ({ numbers: [id] }) => id === this.#program?.id && this.#program?.reported.resolve(true),
      }),
      stderr: new FrameParser(this.#nonce, {
        onBytes: () => {},
        onFrame: (frame) => this.#onAnswer(frame),
      }),
    };
    channel.onOutput((stream, data) => parsers[stream].push(data));
    void channel.closed.then(() => this.#onClosed());
  }

  /** Whether it answers within `timeoutMs`. */
  async ping(timeoutMs: number): Promise<boolean> {
    return (await this.#ask(':', timeoutMs)) !== undefined;
  }

  /** Kills a process group. */
  killGroup(pgid: number): void {
    this.channel.write(`kill -KILL -${pgid} 2>/dev/null\n`);
  }

  /** Whether anything is left of a process group. */
  groupLives(pgid: number): Promise<boolean> {
    return this.#lives(`-${pgid}`);
  }

  /** Number of processes, the main process included; needs no process of its own. */
  async count(): Promise<number> {
    return (await this.#ask('set -- /proc/[0-9]*; r=" $#"; set --'))?.[0] ?? 0;
  }

  /** Kills every process but the main one, and reaps them. */
  async killAll(): Promise<void> {
    for (let round = 0; round < maxKillRounds; round++) {
      const left = await this.#ask(
        `kill -KILL -1 2>/dev/null; jobs >/dev/null 2>&1; set -- /proc/[0-9]*; r=" $#"; set --`,
      );
      if (left === undefined || (left[0] ?? 0) <= 1) return;
      await sleep(killRoundMs);
    }
  }

  /** The indices of the paths that are no directories. */
  async missingDirectories(quotedPaths: string[]): Promise<number[]> {
    const starts: number[] = [];
    for (let start = 0; start < quotedPaths.length; start += pathsPerQuestion) starts.push(start);
    const missing = starts.map(async (start) => {
      const asked = quotedPaths.slice(start, start + pathsPerQuestion);
      const tests = asked.map((path, index) => `[ -d ${path} ] || r="$r ${index}"`);
      return ((await this.#ask(tests.join('; '))) ?? []).map((index) => start + index);
    });
    return (await Promise.all(missing)).flat();
  }

  /** Runs a command line of the image's programs as root and returns its stdout; one at a time. Throws `sandbox-failed` after `timeoutMs`. */
  run(command: string, timeoutMs: number): Promise<Buffer> {
    const output = this.#queue.then(() => this.#runNow(command, timeoutMs));
    this.#queue = output.catch(() => {});
    return output;
  }

  async #runNow(command: string, timeoutMs: number): Promise<Buffer> {
    const program: RunningProgram = { id: ++this.#lastId, output: [], reported: deferred(), isOver: false };
    this.#program = program;
    const timer = setTimeout(() => program.reported.resolve(false), timeoutMs);
    const start = `{ ${command}; printf '%s end ${program.id}\\n' ${this.#nonce}; } 2>/dev/null & r=" $!"`;
    const pid = (await this.#ask(start))?.[0];
    const isDone =
      pid !== undefined && (await Promise.race([program.reported.promise, this.#diedSilently(pid, program)]));
    clearTimeout(timer);
    program.isOver = true;
    this.#program = undefined;
    if (isDone) return Buffer.concat(program.output);
    if (pid !== undefined) await this.#killTree(pid);
    throw new ProctorError(
      'sandbox-failed',
      `The sandbox did not answer the harness within ${timeoutMs} ms.`,
    );
  }

  /** Kills a program and what it started, which would otherwise look like something that the agent left. */
  async #killTree(pid: number): Promise<void> {
    const children = `{ read -r x || :; } 2>/dev/null </proc/${pid}/task/${pid}/children; r=" $x"; x=`;
    const below = await this.#ask(`kill -STOP ${pid} 2>/dev/null; ${children}`, killTimeoutMs);
    this.channel.write(`kill -KILL ${pid} 2>/dev/null\n`);
    for (const child of below ?? []) if (child !== pid && child > 1) await this.#killTree(child);
  }

  /** Resolves with false when a program is gone without having reported its end, because it could not start what it was to run. */
  async #diedSilently(pid: number, program: RunningProgram): Promise<boolean> {
    do await sleep(livenessCheckMs, undefined, { ref: false });
    while (!program.isOver && (await this.#lives(`${pid}`)));
    return sleep(lateOutputMs, false, { ref: false });
  }

  async #lives(target: string): Promise<boolean> {
    return (await this.#ask(`kill -0 ${target} 2>/dev/null && r=' 1'`))?.[0] === 1;
  }

  /** Evaluates a line that may set `r` to numbers; undefined where no answer came. */
  #ask(line: string, timeoutMs = askTimeoutMs): Promise<number[] | undefined> {
    if (this.channel.isClosed) return Promise.resolve(undefined);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const settle: Answer = (numbers) => {
        clearTimeout(timer);
        this.#unanswered.delete(id);
        resolve(numbers);
      };
      const timer = setTimeout(settle, timeoutMs);
      this.#unanswered.set(id, settle);
      const report = `printf '%s answer ${id}%s\\n' ${this.#nonce} "$r" >&2`;
      this.channel.write(Buffer.from(`r=; ${line}; ${report}\n`, 'latin1'));
    });
  }

  #onAnswer({ numbers: [id = 0, ...numbers] }: Frame): void {
    this.#unanswered.get(id)?.(numbers);
  }

  #onClosed(): void {
    for (const settle of this.#unanswered.values()) settle();
    this.#program?.reported.resolve(false);
  }
}
