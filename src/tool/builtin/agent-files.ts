import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { ProctorError } from '../../errors.ts';
import type { ExecResult, Sandbox } from '../../sandbox/sandbox.ts';
import { shellWord } from '../../sandbox/shell-word.ts';

/** Why a file could not be used, in words for the agent. */
export class FileProblem extends Error {}

/** Files of the sandbox, with the rights of the agent: everything goes through the agent's own shell. */
export interface AgentFiles {
  /** The text of a file, or what a directory holds, two levels deep, hidden entries left out. */
  read(path: string): Promise<{ kind: 'text'; text: string } | { kind: 'directory'; entries: string[] }>;
  /** Writes a whole file; its directory is made. */
  write(path: string, text: string): Promise<void>;
}

const maxFileBytes = 8 * 1024 * 1024;
/** Longer texts are not written by a command, which a shell reads byte by byte, but brought in as a file. */
const maxWordChars = 32_768;
const isDirectory = 21;

export function agentFiles(sandbox: Sandbox, signal: AbortSignal, timeoutMs: number): AgentFiles {
  const run = async (what: string, command: string): Promise<ExecResult> => {
    const result = await sandbox.exec(command, { signal, timeoutMs, captureBytes: maxFileBytes });
    if (result.timedOut) throw new FileProblem(`Cannot ${what}: it took longer than ${timeoutMs / 1000} s`);
    if (result.captureCut) throw new FileProblem(`Cannot ${what}: it is larger than ${maxFileBytes} bytes`);
    if (result.exitCode !== 0 && result.exitCode !== isDirectory) {
      throw new FileProblem(`Cannot ${what}: ${reason(result)}`);
    }
    return result;
  };
  return {
    async read(path) {
      const word = shellWord(path);
      const found = await run(
        `read ${path}`,
        `if [ -d ${word} ]; then (exit ${isDirectory}); else cat -- ${word}; fi`,
      );
      if (found.exitCode === isDirectory) {
        const listing = await run(`list ${path}`, listCommand(path));
        return { kind: 'directory', entries: entriesOf(listing.stdout.toString(), path) };
      }
      if (!isUtf8(found.stdout)) throw new FileProblem(`Cannot read ${path}: it is not UTF-8 text`);
      return { kind: 'text', text: found.stdout.toString() };
    },
    async write(path, text) {
      if (text.includes('\0'))
        throw new FileProblem(`Cannot write ${path}: a text may not hold NUL characters`);
      const parent = shellWord(path.slice(0, path.lastIndexOf('/')) || '/');
      const word = shellWord(text);
      const into = (source: string) => `mkdir -p -- ${parent} && ${source} > ${shellWord(path)}`;
      if (word.length <= maxWordChars) {
        await run(`write ${path}`, into(`printf %s ${word}`));
        return;
      }
      const staged = `/tmp/.edit-${randomUUID()}`;
      try {
        await sandbox.files.write([{ path: staged, content: Buffer.from(text) }]);
      } catch (error) {
        if (!(error instanceof ProctorError) || error.code !== 'sandbox-failed') throw error;
        throw new FileProblem(`Cannot write ${path}: there may be no space left for it`);
      }
      await run(`write ${path}`, `{ ${into(`cat ${staged}`)}; }; code=$?; rm -f ${staged}; (exit $code)`);
    },
  };
}

/** What the program that failed said last, without its name and the path before them. */
function reason({ stderr, exitCode }: ExecResult): string {
  const line = stderr.toString().trim().split('\n').at(-1) ?? '';
  return line.split(': ').at(-1) || `exit code ${exitCode}`;
}

/** Directories first, then everything, an empty line between. */
function listCommand(path: string): string {
  const within = `find ${shellWord(path === '/' ? path : `${path}/`)} -mindepth 1 -maxdepth 2`;
  return `${within} -type d 2>/dev/null; echo; ${within} 2>/dev/null; true`;
}

function entriesOf(output: string, path: string): string[] {
  const [directories = '', all = ''] = output.split(/^\n/m);
  const isDirectory = new Set(directories.split('\n'));
  return all
    .split('\n')
    .filter((entry) => entry !== '' && !/\/\./.test(entry.slice(path === '/' ? 0 : path.length)))
    .map((entry) => (isDirectory.has(entry) ? `${entry}/` : entry).replace('//', '/'))
    .sort();
}
