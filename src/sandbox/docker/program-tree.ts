import type { StartedProgram, StartedPrograms } from '../../schema/started-program.ts';

/** Programs that are kept of what was started between two questions: those near the program that is followed, and those far from it. */
const most = { near: 2_000, far: 300 };
const nearDepth = 3;

/** Characters of arguments that are kept: of one program far from the one that is followed, and of all that were started between two questions. */
const maxFarChars = 1_000;
const maxChars = 4_000_000;

/** A program that is followed, or came of one. */
interface Followed {
  /** How many programs lie between it and the one that is followed. */
  depth: number;
  /** It, or the nearest above it that is kept; 0 for what starts the one that is followed. */
  kept: number;
}

/** Picks the programs that came of one process out of all that were started in a sandbox, and keeps so many of them. */
export class ProgramTree {
  readonly #followed = new Map<number, Followed>();
  /** Those that came before it was known what to follow. */
  #early: StartedProgram[] = [];
  #root: number | undefined;
  #isFound = false;
  #programs: StartedProgram[] = [];
  #more: Record<string, number> = {};
  #far = 0;
  #chars = 0;

  /** Remembers what is started until it is known what to follow next. */
  expect(): void {
    this.#root = undefined;
  }

  follow(pid: number): void {
    this.#root = pid;
    this.#isFound = false;
    for (const program of this.#early.splice(0)) this.add(program);
  }

  add(program: StartedProgram): void {
    const { id, by, pid } = program;
    const above = this.#followed.get(by);
    if (this.#root === undefined && !above) {
      this.#early.push(program);
      return;
    }
    const isRoot = pid === this.#root && (above ? above.depth < 0 : by === 0 && !this.#isFound);
    if (isRoot) this.#isFound = true;
    if (isRoot) this.#followed.set(id, { depth: -1, kept: 0 });
    else if (above) this.#keep({ ...program, by: above.kept }, above);
  }

  /** What was added since the last call. */
  take(): StartedPrograms {
    const taken = { programs: this.#programs, more: this.#more };
    [this.#programs, this.#more, this.#far, this.#chars] = [[], {}, 0, 0];
    return taken;
  }

  #keep(program: StartedProgram, above: Followed): void {
    const depth = above.depth + 1;
    const isFar = depth > nearDepth;
    if (isFar) this.#far += 1;
    const near = this.#programs.length;
    if (isFar ? this.#far > most.far : near >= most.near + most.far) {
      this.#more[above.kept] = (this.#more[above.kept] ?? 0) + 1;
      this.#followed.set(program.id, { depth, kept: above.kept });
      return;
    }
    this.#followed.set(program.id, { depth, kept: program.id });
    const kept = this.#shortened(program, isFar ? maxFarChars : maxChars - this.#chars);
    for (const { length } of kept.args) this.#chars += length;
    this.#programs.push(kept);
  }

  #shortened(program: StartedProgram, maxChars: number): StartedProgram {
    let left = maxChars;
    const args: string[] = [];
    for (const arg of program.args) {
      if (arg.length > left) return { ...program, args: [...args, arg.slice(0, left)], cut: true };
      left -= arg.length;
      args.push(arg);
    }
    return program;
  }
}
