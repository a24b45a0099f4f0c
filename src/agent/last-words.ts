/** What an error message shows of a program's output; all of it stands in the trial's steps. */
const kept = { lines: 2, characters: 300 } as const;

/** The last lines of an output, in one. */
export function lastWords(output: string): string {
  const lines = output.split(/\s*\n\s*/).filter((line) => line !== '');
  const last = lines.slice(-kept.lines).join(' | ');
  return last.length > kept.characters ? `…${last.slice(-kept.characters)}` : last;
}
