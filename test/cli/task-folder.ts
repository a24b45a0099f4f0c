import { folderOf } from '../folder.ts';

/** Files of a small sound task in the shell environment; overwritten or, with null, left out by `changes`. */
export function taskFolder(changes: Record<string, string | null> = {}): string {
  const files: Record<string, string | null> = {
    'task.toml': '[metadata]\ntags = ["test"]\n\n[verifier]\ntimeout_sec = 20\n',
    'instruction.md': 'Write the word done into answer.txt.\n',
    'proctor.toml': 'environment = "shell"\n',
    'tests/test.sh':
      'if grep -qx done answer.txt; then echo 1; else echo 0; fi > /logs/verifier/reward.txt\n',
    'reference.json': JSON.stringify([{ tool: 'bash', arguments: { command: 'echo done > answer.txt' } }]),
    ...changes,
  };
  return folderOf(
    Object.fromEntries(Object.entries(files).filter((file): file is [string, string] => file[1] !== null)),
  );
}

/** A script of shell commands, one a step. */
export const commands = (...list: string[]): string =>
  JSON.stringify(list.map((command) => ({ tool: 'bash', arguments: { command } })));
