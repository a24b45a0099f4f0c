import type { Step } from '../schema/trial.ts';
import type { Reading } from './reading.ts';

/** What a step wrote into a text file. */
export interface WrittenText {
  path: string;
  /** Whole text before and after; before is absent where the file was not there. */
  before?: string;
  after: string;
  /** The lines that were not in the file before, nor in any other that was there from the start. */
  added: string;
}

/** The texts that a step wrote, as far as they were kept; files that were only copied or moved have nothing added. */
export function writtenIn(reading: Reading, { state }: Step): WrittenText[] {
  const { changes = [], contents = {} } = state ?? {};
  const textOf = (entry: unknown) => {
    const { sha256 = '' } = (entry ?? {}) as { sha256?: string };
    const text = contents[sha256];
    return text === undefined ? undefined : reading.bodies.text(text);
  };
  return changes.flatMap(({ path, before: was, after: is }) => {
    const after = path.includes('/.git/') ? undefined : textOf(is);
    if (after === undefined) return [];
    const before = textOf(was);
    const old = new Set(before?.split('\n'));
    const { lines } = reading.given();
    const added = after
      .split('\n')
      .filter((line) => !old.has(line) && !lines.has(line))
      .join('\n');
    return [{ path, ...(before !== undefined && { before }), after, added }];
  });
}

/** Programs' texts, which say what they would say rather than what is so. */
export const isProgram = (path: string) =>
  /\.(py|[cm]?[jt]sx?|c|h|cc|cpp|hpp|go|rs|java|kt|rb|pl|php|lua|r|sql|sh|bash|zsh|mk|cmake|gradle)$|(^|\/)(Makefile|Dockerfile|Jenkinsfile)$/i.test(
    path,
  );
