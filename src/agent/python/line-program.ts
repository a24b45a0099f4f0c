import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { within } from '../../sandbox/within.ts';
import type { Json } from '../../schema/json.ts';
import { killGroup } from '../process-group.ts';

/** Milliseconds for a program to end by itself once its input has ended, and again after SIGTERM. */
const graceMs = 1_000;

/** Characters of what it wrote to stderr that a crash's message may show. */
const keptChars = 2_000;

/** Characters of one line. */
const longestLine = 16 * 1024 * 1024;

interface Waiting {
  resolve(line: string): void;
  reject(error: Error): void;
}

/** A program that is told JSON lines on stdin and answers on stdout, with everything it starts in a process group of its own. */
export class LineProgram {
  readonly #child;
  readonly #ended: Promise<void>;
  #waiting: Waiting | undefined;
  #stderr = '';
  /** Why it can't answer any more, or what it printed that nobody asked for. */
  #fault: Error | undefined;

  constructor(words: readonly [string, ...string[]], options: { cwd?: string; env: NodeJS.ProcessEnv }) {
    const [file, ...args] = words;
    this.#child = spawn(file, args, { ...options, detached: true, stdio: 'pipe' });
    const { stdin, stdout, stderr } = this.#child;
    stdin.on('error', () => {});
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptChars);
      process.stderr.write(text);
    });
    createInterface({ input: stdout }).on('line', (line) => this.#heard(line));
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(`can’t be started: ${error.message}`));
      this.#child.once('error', () => resolve());
      this.#child.once('exit', (code, signal) => {
        killGroup(this.#child.pid, 'SIGKILL');
        // What it wrote last may still be on its way.
        setTimeout(() => {
          this.#end(`ended with ${signal ?? `exit code ${code}`} before it answered${this.#lastWords()}`);
          resolve();
        }, 50);
      });
    });
  }

  /** Tells it something that needs no answer. */
  tell(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Tells it something, and gives the next line that it prints as JSON. Throws where it ended or printed anything else. */
  async ask(message: object): Promise<Json> {
    if (this.#fault) throw this.#fault;
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.tell(message);
    });
    try {
      return JSON.parse(line);
    } catch {
      throw notAsked(line);
    }
  }

  /** Ends its input, waits a moment for it to end, then kills it and all that it started. */
  async close(message: object): Promise<void> {
    this.tell(message);
    this.#child.stdin.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (
        !(await within(
          graceMs,
          this.#ended.then(() => true),
        ))
      )
        killGroup(this.#child.pid, signal);
    }
    await within(graceMs, this.#ended);
    killGroup(this.#child.pid, 'SIGKILL');
    this.#end('was closed');
  }

  #heard(line: string): void {
    if (line.trim() === '') return;
    const waiting = this.#taken();
    if (!waiting) this.#fault ??= notAsked(line);
    else if (line.length > longestLine)
      waiting.reject(new Error(`printed a line of ${line.length} characters`));
    else waiting.resolve(line);
  }

  #end(what: string): void {
    this.#fault ??= new Error(what);
    this.#taken()?.reject(this.#fault);
  }

  #taken(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #lastWords(): string {
    const last = this.#stderr.trim().split('\n').at(-1)?.trim();
    return last ? `: ${last}` : '';
  }
}

const notAsked = (line: string) =>
  new Error(
    `printed to stdout what is no answer: ${JSON.stringify(line.slice(0, 80))}; expected one line of JSON for each decide, and its log on stderr`,
  );
