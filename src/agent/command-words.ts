import { parseArgsStringToArgv } from 'string-argv';

/** The words of a command line, placeholders filled in after it was split. */
export function wordsOf(command: string, placeholders: Record<string, string>): string[] {
  return parseArgsStringToArgv(command).map((word) => filledIn(word, placeholders));
}

/** A text with its `{placeholders}` filled in; one that is not known stays as it is. */
export const filledIn = (text: string, placeholders: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => placeholders[name] ?? whole);
