import { Bash, defineCommand, type IFileSystem, InMemoryFs } from 'just-bash';
import { byteOutput } from './byte-output.ts';
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
  maxCommandCount: Number.POSITIVE_INFINITY,
  maxLoopIterations: Number.POSITIVE_INFINITY,
  maxAwkIterations: Number.POSITIVE_INFINITY,
  maxSedIterations: Number.POSITIVE_INFINITY,
  maxJqIterations: Number.POSITIVE_INFINITY,
  maxWorkUnits: Number.POSITIVE_INFINITY,
  maxTraversalWork: Number.POSITIVE_INFINITY,
  maxGlobOperations: Number.POSITIVE_INFINITY,
  maxExecutionTimeMs: Number.POSITIVE_INFINITY,
  maxSqliteTimeoutMs: Number.POSITIVE_INFINITY,
  maxPythonTimeoutMs: Number.POSITIVE_INFINITY,
  maxArrayElements: 10_000_000,
  maxOutputSize: Number.POSITIVE_INFINITY,
  maxCallDepth: 500,
};

export function createShell(workdir: string, storageBytes: number, journal: Journal): Shell {
  const memory = new InMemoryFs({}, { maxTotalBytes: storageBytes });
  // Makes the shell's own folders; the shells that run commands find them there.
  new Bash({ fs: memory, cwd: '/', python: true, customCommands: [stateTeller(() => {})] });
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
        customCommands: [...byteOutput, stateTeller(told)],
      });
      bash.registerTransformPlugin(streaming(command));
      const env = { OLDPWD: state.env.OLDPWD ?? cwd };
      const result = await bash.exec(command, { rawScript: true, env });
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
