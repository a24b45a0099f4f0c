import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import { parseJsonObject } from '../../schema/json.ts';
import type { StartedProgram } from '../../schema/started-program.ts';
import { readLines } from '../line-reader.ts';
import type { WatchedPrograms } from '../sandbox.ts';
import { within } from '../within.ts';
import type { Channel } from './channel.ts';
import { ProgramTree } from './program-tree.ts';

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const part = { id: z.int().positive(), offset: z.int(), total: z.int(), data: base64 };
const watchLine = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ settled: z.literal(true), lost: z.int().nonnegative() }),
  z.strictObject({
    ...part,
    ...{ by: z.int().nonnegative(), pid: z.int(), ppid: z.int(), uid: z.int(), at: z.number() },
    file: base64,
  }),
  z.strictObject(part),
]);
type WatchLine = z.infer<typeof watchLine>;
type ProgramPart = Extract<WatchLine, { id: number }>;

const answerTimeoutMs = 20_000;
const maxErrorChars = 2_000;

/** The most bytes of arguments that the watch tells of one program. */
const maxArgumentBytes = 256 * 1024;

/** What a watch beside a sandbox tells of the programs that are started in it. */
export class ProgramWatch {
  readonly #channel: Channel;
  readonly #waiters: ((line: WatchLine) => void)[] = [];
  readonly #tree = new ProgramTree();
  /** Programs whose arguments have not all come. */
  readonly #partial = new Map<number, { program: Omit<StartedProgram, 'args'>; args: Buffer }>();
  readonly #ready: Promise<WatchLine>;
  #stderr = '';
  #lost = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#ready = this.#next();
    this.#ready.catch(() => {});
    const { push } = readLines({ onLine: (text) => this.#take(text) });
    channel.onOutput((stream, data) => {
      if (stream === 'stdout') push(data);
      else this.#stderr = (this.#stderr + data.toString()).slice(-maxErrorChars);
    });
  }

  /** Waits until it sees every program. Throws `sandbox-failed` with why it can't. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  /** Has nothing missed of a process that is about to be started, and then followed. */
  expect(): void {
    this.#tree.expect();
  }

  /** Tells of what the process starts that has this number in the sandbox, and of what that starts in turn; not of other programs. */
  follow(pid: number): void {
    this.#tree.follow(pid);
  }

  /** What was started since the last call. Throws `sandbox-failed` where it does not tell. */
  async started(): Promise<WatchedPrograms> {
    const settled = this.#next();
    this.#channel.write('\n');
    const line = await settled;
    for (const id of this.#partial.keys()) this.#finish(id, true);
    const lost = 'settled' in line ? line.lost - this.#lost : 0;
    this.#lost += lost;
    return { ...this.#tree.take(), lost };
  }

  close(): void {
    this.#channel.destroy();
  }

  async #next(): Promise<WatchLine> {
    const answer = new Promise<WatchLine>((resolve) => this.#waiters.push(resolve));
    const line = await within(answerTimeoutMs, Promise.race([answer, this.#channel.closed]));
    if (line) return line;
    const why = this.#channel.isClosed
      ? this.#stderr.trim().split('\n').at(-1) || 'it ended without an error message'
      : `no answer within ${answerTimeoutMs} ms`;
    throw new ProctorError('sandbox-failed', `programs are not watched: ${why}`);
  }

  #take(text: string): void {
    const { data: line } = watchLine.safeParse(parseJsonObject(text));
    if (line === undefined) this.#channel.destroy();
    else if ('id' in line) this.#add(line);
    else this.#waiters.shift()?.(line);
  }

  #add(line: ProgramPart): void {
    if ('by' in line) {
      const { offset: _, total: __, data: ___, at, file, ...rest } = line;
      const program = { ...rest, at: new Date(at).toISOString(), file: file.toString() };
      this.#partial.set(line.id, { program, args: Buffer.alloc(0) });
    }
    const known = this.#partial.get(line.id);
    if (!known) return;
    known.args = Buffer.concat([known.args, line.data]);
    const { length } = known.args;
    const isMissing = line.data.length === 0 && line.total > 0;
    if (isMissing || length >= Math.min(line.total, maxArgumentBytes))
      this.#finish(line.id, length < line.total);
  }

  #finish(id: number, cut: boolean): void {
    const known = this.#partial.get(id);
    this.#partial.delete(id);
    if (!known) return;
    const args = known.args.toString().replace(/\0$/, '').split('\0');
    this.#tree.add({ ...known.program, args, ...(cut && { cut }) });
  }
}
