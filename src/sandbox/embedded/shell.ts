import { Bash, type CustomCommand, defineCommand, type IFileSystem, InMemoryFs } from 'just-bash';
import { messageOf } from '../../errors.ts';
import { commands, interpreters, type TakeTurn } from './commands.ts';
import { type Journal, JournaledFileSystem } from './journaled-file-system.ts';
import { outputPaths } from './layout.ts';
import type { Change, ShellState } from './protocol.ts';
import { stateCommand, streaming } from './streaming.ts';

/** The caller's time-out is the limit, so that long work is never ended by a count. */
const limits = {
  maxCommandCount: Number.MAX_SAFE_INTEGER,
  maxLoopIterations: Number.MAX_SAFE_INTEGER,
  maxAwkIterations: Number.MAX_SAFE_INTEGER,
  maxSedIterations: Number.MAX_SAFE_INTEGER,
  maxJqIterations: Number.MAX_SAFE_INTEGER,
  maxWorkUnits: Number.MAX_SAFE_INTEGER,
  maxTraversalWork: Number.MAX_SAFE_INTEGER,
  maxGlobOperations: Number.MAX_SAFE_INTEGER,
  maxOutputSize: Number.MAX_SAFE_INTEGER,
  maxArrayElements: 10_000_000,
  maxCallDepth: 500,
  maxExecutionTimeMs: Number.POSITIVE_INFINITY,
  maxSqliteTimeoutMs: Number.POSITIVE_INFINITY,
  maxPythonTimeoutMs: Number.POSITIVE_INFINITY,
};

export interface ShellParts {
  workdir: string;
  storageBytes: number;
  journal: Journal;
  takeTurn: TakeTurn;
}

type OnState = (state: ShellState) => void;

/** Runs command lines, each in a fresh shell, over files that are kept. */
export class Shell {
  readonly #workdir: string;
  readonly #journal: Journal;
  readonly #interpreters: CustomCommand[];
  readonly #memory: InMemoryFs;
  readonly #fs: IFileSystem;

  constructor({ workdir, storageBytes, journal, takeTurn }: ShellParts) {
    this.#workdir = workdir;
    this.#journal = journal;
    this.#interpreters = interpreters(takeTurn);
    this.#memory = new InMemoryFs({}, { maxTotalBytes: storageBytes });
    this.#fs = new JournaledFileSystem(this.#memory, journal);
    // Makes the shell's own folders; the shells that run commands find them there.
    new Bash({
      fs: this.#memory,
      cwd: '/',
      python: true,
      customCommands: [...commands, stateReporter(() => {})],
    });
    for (const path of Object.values(outputPaths)) this.#memory.writeFileSync(path, '');
  }

  async apply(changes: Change[]): Promise<void> {
    for (const change of changes) await applyChange(this.#memory, change);
  }

  /** Returns the exit code; output goes to the journal and states to `onState` as they happen. Throws where the shell itself fails. */
  async run(command: string, state: ShellState, onState: OnState): Promise<number> {
    const cwd = await directoryOr(this.#fs, state.cwd, this.#workdir);
    const bash = new Bash({
      fs: this.#fs,
      cwd,
      env: { ...state.env, PWD: cwd },
      python: true,
      executionLimits: limits,
      customCommands: [...commands, ...this.#interpreters, stateReporter(onState)],
    });
    bash.registerTransformPlugin(streaming(command));
    const env = { OLDPWD: state.env.OLDPWD ?? cwd };
    const result = await bash.exec(command, { rawScript: true, env }).catch(refusedByFiles);
    this.#journal.output('stdout', new TextEncoder().encode(result.stdout));
    this.#journal.output('stderr', new TextEncoder().encode(result.stderr));
    return result.exitCode;
  }
}

const stateReporter = (onState: OnState) =>
  defineCommand(stateCommand, async ([status], { cwd, exportedEnv }) => {
    onState({ cwd, env: { ...exportedEnv } });
    return { stdout: '', stderr: '', exitCode: Number(status ?? 0) };
  });

async function directoryOr(fs: IFileSystem, path: string, otherwise: string): Promise<string> {
  const found = await fs.stat(path).catch(() => undefined);
  return found?.isDirectory ? path : otherwise;
}

const reasons: Record<string, string> = {
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
};

/** A redirection that the file system refuses ends the script: the shell throws it, but it is the command's error, not the harness's. */
function refusedByFiles(error: unknown) {
  const [, code = '', path] = /^(E[A-Z]+): .*?(?:'(.*)')?$/s.exec(messageOf(error)) ?? [];
  if (!code) throw error;
  const what = path === undefined ? '' : `${path}: `;
  return { stdout: '', stderr: `bash: ${what}${reasons[code] ?? code}\n`, exitCode: 1 };
}

/** Applies a change that was reported before, or that the harness makes. */
async function applyChange(memory: InMemoryFs, change: Change): Promise<void> {
  if (change.kind !== 'put') throw new Error(`a shell cannot apply a change of kind ${change.kind}`);
  const { path, node } = change;
  const mtime = new Date(node.mtime);
  if (node.type === 'file') memory.writeFileSync(path, node.content, undefined, { mode: node.mode, mtime });
  else if (node.type === 'link') await memory.symlink(node.target, path);
  else {
    memory.mkdirSync(path, { recursive: true });
    await memory.chmod(path, node.mode);
    await memory.utimes(path, mtime, mtime);
  }
}
