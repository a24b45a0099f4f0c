const mayNotRun = 126;

/** A text as one word of a shell. */
export const quotedWord = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** What a shell is given in the place of a command that may not be run: it prints why, and ends with the exit code for that. */
export const denialScript = (reason: string): string =>
  `printf '%s\\n' ${quotedWord(reason)} >&2; exit ${mayNotRun}`;
