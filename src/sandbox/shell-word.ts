/** Text as one word of a POSIX shell. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same without a line break, for shells that read a line at a time; `$n` must hold a line break there. */
export const shellWordOnOneLine = (text: string): string => shellWord(text).replaceAll('\n', `'"$n"'`);
