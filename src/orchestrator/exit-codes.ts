import type { Sandbox } from '../sandbox/sandbox.ts';
import { shellWord } from '../sandbox/shell-word.ts';

/**
 * Runs commands one after the other in a single call of the house, each in a subshell of its own with its output dropped.
 * Gives their exit codes in order; fewer than there are commands where one did not end within `timeoutMs`.
 */
export async function exitCodes(commands: string[], sandbox: Sandbox, timeoutMs: number): Promise<number[]> {
  const lines = commands.map((command) => `(eval ${shellWord(command)}) </dev/null >/dev/null 2>&1; echo $?`);
  const { stdout } = await sandbox.exec(lines.join('\n'), { as: 'harness', timeoutMs });
  return stdout.toString('latin1').split('\n').slice(0, -1).map(Number);
}
