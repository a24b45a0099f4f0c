/** What a script's first line says that it is run by; undefined where it says nothing. */
function programOf(text: string): string | undefined {
  return /^#![ \t]*(\S[^\r\n]*)/.exec(text)?.[1]?.trim();
}

const plainBash = /^\S*\/(env +)?bash$/;

/** Whether a script is run by bash, by its first line. */
export const isForBash = (text: string) => /^\S*\/(env +)?bash\b/.test(programOf(text) ?? '');

/** The shell words that run a script by its own first line: bash where it says none, or sh where there is no bash. */
export function scriptCommand(text: string, path: string): string {
  const program = programOf(text) ?? '"$(command -v bash || echo sh)"';
  return `${plainBash.test(program) ? 'bash' : program} ${path}`;
}
