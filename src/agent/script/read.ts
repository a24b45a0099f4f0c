import { messageOf, ProctorError } from '../../errors.ts';
import { displayPath, readAuthorFile } from '../../schema/author-file.ts';
import { type Script, script } from '../../schema/task.ts';
import { observedPatterns } from './observed.ts';

/** Reads a script. Throws `bad-file` with the path, the index of the step and what was expected. */
export function readScript(file: string): Script {
  const steps = readAuthorFile(file, script);
  steps.forEach((step, index) => {
    for (const pattern of observedPatterns(step)) checkPattern(pattern, `${displayPath(file)}: [${index}]`);
  });
  return steps;
}

function checkPattern(pattern: string, where: string): void {
  try {
    new RegExp(pattern);
  } catch (cause) {
    const problem = `{{observed:${pattern}}}: expected a regular expression (${messageOf(cause)})`;
    throw new ProctorError('bad-file', `${where}: ${problem}`, { cause });
  }
}
