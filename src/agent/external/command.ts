import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgsStringToArgv } from 'string-argv';
import { ProctorError } from '../../errors.ts';

/** What stands for `{name}` in a command line. */
export type Placeholders = Record<string, string>;

/** The words of a command line, placeholders filled in after it was split. */
export function wordsOf(command: string, placeholders: Placeholders): string[] {
  return parseArgsStringToArgv(command).map((word) =>
    word.replace(/\{(\w+)\}/g, (whole, name: string) => placeholders[name] ?? whole),
  );
}

/** Throws `bad-flag` where the program of a command line is not there. */
export function checkCommand(command: string, path = process.env.PATH ?? ''): void {
  const [program = ''] = wordsOf(command, {});
  const candidates = program.includes('/')
    ? [program]
    : path.split(delimiter).map((folder) => join(folder, program));
  if (program !== '' && candidates.some(isExecutable)) return;
  throw new ProctorError(
    'bad-flag',
    `agent external:${command}: there is no program '${program}'; expected a path or a name on PATH`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
