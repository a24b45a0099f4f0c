import { Bash, defineCommand, type IFileSystem, InMemoryFs } from 'just-bash';
import { messageOf } from '../../errors.ts';
import { commands, interpreters, type TakeTurn } from './commands.ts';
import { applyChange, type Journal, journaledFileSystem } from './journaled-file-system.ts';
import { outputPaths } from './layout.ts';
import type { Change, ShellState } from './protocol.ts';
import { stateCommand, streaming } from './streaming.ts';

/** Runs command lines, each in a fresh shell, over files that stay. */
export interface Shell {
  apply(changes: Change[]): Promise<void>;
  /** The exit code; what is printed and where the shell stands is told as it happens. Throws where the shell itself fails. */
  run(command: string, state: ShellState, told: (state: ShellState) => void): Promise<number>;
}

/** The time-out of the caller is the limit, so honest long work is never cut by a count. */
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

export function createShell(
  workdir: string,
  storageBytes: number,
  journal: Journal,
  takeTurn: TakeTurn,
): Shell {
  const memory = new InMemoryFs({}, { maxTotalBytes: storageBytes });
  // Makes the shell's own folders; the shells that run commands find them there.
  new Bash({ fs: memory, cwd: '/', python: true, customCommands: [...commands, stateTeller(() => {})] });
  for (const path of Object.values(outputPaths)) memory.writeFileSync(path, '');
  const fs = journaledFileSystem(memory, journal);

  return {
    async apply(changes) {
      for (const change of changes) await applyChange(memory, change);
    },
    async run(command, state, told) {
      const cwd = await directoryOr(fs, state.cwd, workdir);
      const bash = new Bash({
        fs,
        cwd,
        env: { ...state.env, PWD: cwd },
        python: true,
        executionLimits: limits,
        customCommands: [...commands, ...interpreters(takeTurn), stateTeller(told)],
      });
      bash.registerTransformPlugin(streaming(command));
      const env = { OLDPWD: state.env.OLDPWD ?? cwd };
      const result = await bash.exec(command, { rawScript: true, env }).catch(refusedByFiles);
      journal.output('stdout', new TextEncoder().encode(result.stdout));
      journal.output('stderr', new TextEncoder().encode(result.stderr));
      return result.exitCode;
    },
  };
}

const stateTeller = (told: (state: ShellState) => void) =>
  defineCommand(stateCommand, async ([status], { cwd, exportedEnv }) => {
    told({ cwd, env: { ...exportedEnv } });
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

/** A redirection that the file system refuses ends the script; the shell throws it as if the harness had failed. */
function refusedByFiles(error: unknown) {
  const [, code = '', path] = /^(E[A-Z]+): .*?(?:'(.*)')?$/s.exec(messageOf(error)) ?? [];
  if (!code) throw error;
  const what = path === undefined ? '' : `${path}: `;
  return { stdout: '', stderr: `bash: ${what}${reasons[code] ?? code}\n`, exitCode: 1 };
}
