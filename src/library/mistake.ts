import type { ProctorError } from '../errors.ts';
import type { Run } from '../schema/run.ts';
import type { ToldOfMistakes } from '../task/find.ts';

/** The tasks of a command that can't be used, and why: the others go on without them. */
export class Mistakes {
  readonly #all: { task: string; error: ProctorError; excused?: true }[] = [];

  readonly tell: ToldOfMistakes = (task, error) => void this.#all.push({ task, error });

  /** A task that is none of what was asked for, which is no mistake where others are. */
  leaveOut(task: string, error: ProctorError): void {
    this.#all.push({ task, error, excused: true });
  }

  get skipped(): Run['skipped'] {
    return this.#all.map(({ task, error }) => ({ task, reason: error.message }));
  }

  get errors(): ProctorError[] {
    return this.#all.filter(({ excused }) => !excused).map(({ error }) => error);
  }

  sayAll(say: (line: string) => void): void {
    for (const { task, reason } of this.skipped) say(`${task} is skipped: ${reason}`);
  }

  /** Throws the mistake where nothing is left to go on with; where there are several, all are said before. */
  requireSome(left: readonly unknown[], say: (line: string) => void): void {
    if (left.length > 0) return;
    if (this.#all.length > 1) this.sayAll(say);
    this.requireNone();
    const [first] = this.#all;
    if (first) throw first.error;
  }

  requireNone(): void {
    const first = this.#all.find(({ excused }) => !excused);
    if (first) throw first.error;
  }
}
