import { spawn } from 'node:child_process';
import { ProctorError } from '../../errors.ts';
import { within } from '../../sandbox/within.ts';
import { wordsOf } from '../command-words.ts';
import { isProgram, killGroup } from '../process-group.ts';

/** Characters of output that are kept between two decisions, and for a crash's message. */
const keptChars = 8_000;

/** Milliseconds for a program to end by itself, and again after SIGTERM. */
const graceMs = 1_000;

/** How a program ended; `code` is null where a signal ended it. */
interface ProgramEnd {
  code: number | null;
  /** Why it could not be started, or the signal. */
  reason?: string;
}

/** A running program, with everything it starts in a process group of its own. */
export interface Program {
  readonly end: Promise<ProgramEnd>;
  /** What it has printed since this was last asked. */
  printed(): string;
  /** The last of what it has printed. */
  tail(): string;
  /** Waits a moment for it to end, then kills it and all that it started. */
  close(): Promise<void>;
}

export function startProgram(words: string[], env: NodeJS.ProcessEnv): Program {
  const [file = '', ...args] = words;
  const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let fresh = '';
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      fresh = (fresh + text).slice(-keptChars);
      tail = (tail + text).slice(-keptChars);
    });
  }
  const end = new Promise<ProgramEnd>((resolve) => {
    child.on('error', (error) => resolve({ code: null, reason: error.message }));
    child.on('close', (code, signal) => resolve({ code, ...(signal && { reason: signal }) }));
    // What it left behind may hold its output open.
    child.on('exit', (code, signal) => {
      killGroup(child.pid, 'SIGKILL');
      setTimeout(() => resolve({ code, ...(signal && { reason: signal }) }), graceMs).unref();
    });
  });
  return {
    end,
    printed() {
      const text = fresh.trim();
      fresh = '';
      return text;
    },
    tail: () => tail.trim(),
    async close() {
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        if (!(await within(graceMs, end))) killGroup(child.pid, signal);
      }
      await within(graceMs, end);
      killGroup(child.pid, 'SIGKILL');
    },
  };
}

/** Throws `bad-flag` where the program of a command line is not there. */
export function checkCommand(command: string, path = ''): void {
  const [program = ''] = wordsOf(command, {});
  if (isProgram(program, path)) return;
  throw new ProctorError(
    'bad-flag',
    `agent external:${command}: there is no program '${program}'; expected a path or a name on PATH`,
  );
}
