import { randomBytes } from 'node:crypto';
import { ProctorError } from '../../errors.ts';
import type { Channel } from './channel.ts';
import { frameReader } from './frame.ts';

/**
 * The main process of every container: a loop that evaluates the harness's lines. As process 1 it can't be killed from inside, and it
 * belongs to root, so the agent can neither read nor trace it. `jobs` reaps orphans without forking; `command eval` lets the loop outlive
 * a fork that fails. When the harness goes away its input ends, and with it the container.
 */
export const initArgv = [
  'sh',
  '-c',
  'n="$1"; trap "" HUP INT TERM; while IFS= read -r line; do jobs >/dev/null 2>&1; command eval "$line"; done',
  'init',
  '\n',
];

/** Milliseconds between looks at whether a run still lives, and for which its output may come after it. */
const lookMs = 1_000;
const graceMs = 5_000;

/** Paths of one question, so that the answer fits into the line of a frame. */
const askedAtOnce = 16;

/** The harness's own hand in a container, out of the agent's reach. */
export interface ContainerInit {
  /** Milliseconds are at most `timeoutMs`; false where nothing came back. */
  ping(timeoutMs: number): Promise<boolean>;
  /** Kills a process group. */
  killGroup(pgid: number): void;
  /** Whether anything is left of a process group. */
  groupLives(pgid: number): Promise<boolean>;
  /** How many processes there are, the init included; needs no process of its own to tell. */
  count(): Promise<number>;
  /** Kills every process but the init, and what they left. */
  killAll(): Promise<void>;
  /** Which of the paths are no directories. */
  missingDirectories(quotedPaths: string[]): Promise<number[]>;
  /** Runs a command line of the image's programs as root and returns its stdout; one at a time. */
  run(command: string, timeoutMs: number): Promise<Buffer>;
  readonly channel: Channel;
}

/** Control answers come on stderr, output of `run` on stdout, so that a slow run never holds up a kill. */
export function containerInit(channel: Channel): ContainerInit {
  const nonce = randomBytes(16).toString('hex');
  const answers = new Map<number, (numbers: number[]) => void>();
  let lastId = 0;
  let output: Buffer[] = [];
  let finished: ((id: number) => void) | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const readers = {
    1: frameReader(
      nonce,
      (bytes) => output.push(bytes),
      (frame) => finished?.(frame.numbers[0] ?? 0),
    ),
    2: frameReader(
      nonce,
      () => {},
      ({ numbers: [id = 0, ...numbers] }) => {
        answers.get(id)?.(numbers);
        answers.delete(id);
      },
    ),
  };
  channel.onOutput((stream, data) => readers[stream](data));

  const ask = (line: string, timeoutMs = 10_000): Promise<number[] | undefined> => {
    const id = ++lastId;
    return new Promise((resolve) => {
      const settle = (numbers?: number[]) => {
        clearTimeout(timer);
        answers.delete(id);
        resolve(numbers);
      };
      const timer = setTimeout(settle, timeoutMs);
      answers.set(id, settle);
      channel.closed.then(() => settle());
      channel.write(Buffer.from(`r=; ${line}; printf '%s answer ${id}%s\\n' ${nonce} "$r" >&2\n`, 'latin1'));
    });
  };

  const run = async (command: string, timeoutMs: number): Promise<Buffer> => {
    const id = ++lastId;
    output = [];
    const ended = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      const settle = (fine: boolean) => {
        clearTimeout(timer);
        resolve(fine);
      };
      finished = (ofId) => ofId === id && settle(true);
      channel.closed.then(() => settle(false));
    });
    const started = await ask(`{ ${command}; printf '%s end ${id}\\n' ${nonce}; } 2>/dev/null & r=" $!"`);
    const pid = started?.[0];
    if (pid !== undefined && (await Promise.race([ended, diedSilently(pid, ended)])))
      return Buffer.concat(output);
    if (pid !== undefined) channel.write(`kill -KILL ${pid} 2>/dev/null\n`);
    throw new ProctorError(
      'sandbox-failed',
      `The sandbox did not answer the harness within ${timeoutMs} ms.`,
    );
  };

  /** Settles as false when a process is gone that should have told of its end: it could not start what it was to run. */
  const diedSilently = async (pid: number, ended: Promise<boolean>): Promise<boolean> => {
    let over = false;
    void ended.then(() => {
      over = true;
    });
    for (let lives = true; lives && !over; ) {
      await new Promise((resolve) => setTimeout(resolve, lookMs).unref());
      if (!over) lives = (await ask(`kill -0 ${pid} 2>/dev/null && r=' 1'`))?.[0] === 1;
    }
    return over ? ended : new Promise((resolve) => setTimeout(resolve, graceMs, false).unref());
  };

  return {
    channel,
    ping: async (timeoutMs) => (await ask(':', timeoutMs)) !== undefined,
    killGroup: (pgid) => channel.write(`kill -KILL -${pgid} 2>/dev/null\n`),
    groupLives: async (pgid) => (await ask(`kill -0 -${pgid} 2>/dev/null && r=' 1'`))?.[0] === 1,
    count: async () => (await ask('set -- /proc/[0-9]*; r=" $#"; set --'))?.[0] ?? 0,
    killAll: async () => {
      for (let round = 0; round < 50; round++) {
        const left = await ask(
          `kill -KILL -1 2>/dev/null; jobs >/dev/null 2>&1; set -- /proc/[0-9]*; r=" $#"; set --`,
        );
        if (left === undefined || (left[0] ?? 0) <= 1) return;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    missingDirectories: async (paths) => {
      const starts = Array.from(
        { length: Math.ceil(paths.length / askedAtOnce) },
        (_, at) => at * askedAtOnce,
      );
      const missing = starts.map(async (start) => {
        const asked = paths.slice(start, start + askedAtOnce);
        const tests = asked.map((path, index) => `[ -d ${path} ] || r="$r ${index}"`);
        return ((await ask(tests.join('; '))) ?? []).map((index) => start + index);
      });
      return (await Promise.all(missing)).flat();
    },
    run: (command, timeoutMs) => {
      const result = queue.then(() => run(command, timeoutMs));
      queue = result.catch(() => {});
      return result;
    },
  };
}
