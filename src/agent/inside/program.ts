import { randomBytes } from 'node:crypto';
import { ProctorError } from '../../errors.ts';
import { within } from '../../sandbox/within.ts';
import type { Performed, Room } from '../agent.ts';
import { wordsOf } from '../command-words.ts';

/** Characters of output that are kept. */
const keptChars = 8_000;

/** Milliseconds for a killed program to be gone. */
const graceMs = 2_000;

/** A program in the sandbox that is running, or was. */
export interface InsideProgram {
  /** How it ended, once it has; what it left running may go on. */
  readonly end: Promise<NonNullable<Performed['ended']>>;
  kill(): Promise<void>;
}

/** Says on stderr how the program ended: what it left running may hold its output open. */
const wrapper = (mark: string) => ['sh', '-c', `"$@" </dev/null; echo "${mark} $?" >&2`, 'sh'];

/** Starts a command line in the room's workdir, as its user. Throws `sandbox-failed` where it can't be started. */
export async function startInside(
  room: Room,
  command: string,
  { placeholders, env }: { placeholders: Record<string, string>; env: Record<string, string> },
): Promise<InsideProgram> {
  const words = wordsOf(command, placeholders);
  if (words.length === 0) throw new ProctorError('bad-flag', 'the command line of the agent is empty');
  const mark = `proctor-end-${randomBytes(12).toString('hex')}`;
  const process = await room.spawn([...wrapper(mark), ...words], {
    env,
    cwd: room.info.workdir,
    watched: true,
  });
  const said = tail();
  const errors = tail();
  process.onStdout(said.add);
  const end = new Promise<NonNullable<Performed['ended']>>((resolve) => {
    process.onStderr((chunk) => {
      errors.add(chunk);
      const [before, code] = errors.text().split(`${mark} `);
      if (code?.includes('\n'))
        resolve({ exitCode: exitCodeOf(Number.parseInt(code, 10)), said: joined(said.text(), before) });
    });
    void process.exited.then(() => resolve({ exitCode: null, said: joined(said.text(), errors.text()) }));
  });
  return {
    end,
    async kill() {
      await process.kill().catch(() => {});
      await within(graceMs, end);
    },
  };
}

/** A shell gives 128 + n where signal n ended a program. */
const exitCodeOf = (code: number): number | null => (code > 128 && code < 160 ? null : code);

const joined = (...texts: (string | undefined)[]) =>
  texts
    .map((text) => text?.trim())
    .filter(Boolean)
    .join('\n');

/** Keeps the end of an output. */
function tail() {
  const decoder = new TextDecoder();
  let text = '';
  return {
    add(chunk: Buffer): void {
      text = (text + decoder.decode(chunk, { stream: true })).slice(-keptChars);
    },
    text: () => text,
  };
}
