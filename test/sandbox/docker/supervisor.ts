import type { OutputStream } from '../../../src/sandbox/output-capture.ts';
import { Wire } from './wire.ts';

/** What a shell does with its command: prints and returns its exit code, or nothing where it runs on until it is killed. */
export type Program = (command: string, print: Wire['print']) => number | undefined;

/** The other end of a shell's stream: a supervisor whose shells run `program`; `pid` is that of its first shell. */
export class Supervisor extends Wire {
  readonly #program: Program;
  #nonce = '';
  #pid: number;
  #shells = 0;

  constructor(program: Program, pid = 100) {
    super();
    this.#program = program;
    this.#pid = pid;
    this.answer((line) => this.#onLine(line));
  }

  /** As the kernel and the supervisor do when the shell is killed. */
  kill(exitCode = 137): void {
    this.report(`gone ${this.#shells} ${exitCode}`);
  }

  /** Reports on both streams. */
  report(frame: string, streams: OutputStream[] = ['stdout', 'stderr']): void {
    for (const stream of streams) this.print(stream, `${this.#nonce} ${frame}\n`);
  }

  reportState(directory: string, exports: string): void {
    const nonce = this.#nonce;
    this.print('stdout', `${nonce} variables\n${exports}${nonce} directory\n${directory}${nonce} state\n`);
  }

  #onLine(line: string): void {
    if (/^[0-9a-f]{32}$/.test(line)) {
      this.#nonce = line;
      this.reportState('/', "export PATH='/bin'\n");
    } else if (line.startsWith('exec 9>&1')) {
      this.#shells += 1;
      this.report(`ready ${this.#pid++}`, ['stdout']);
    } else if (line.includes('set -- ')) this.#run(line.slice(line.indexOf("'") + 1, -1));
  }

  #run(command: string): void {
    const exitCode = this.#program(command, (stream, text) => this.print(stream, text));
    if (exitCode === undefined) return;
    this.reportState('/work', "export PATH='/bin'\nexport KEPT='1'\n");
    this.report(`exit ${exitCode}`);
    this.kill(exitCode);
  }
}
