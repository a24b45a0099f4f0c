import { sha256Of } from '../../schema/state.ts';
import type { Step } from '../../schema/trial.ts';
import type { BodyReader } from '../../trace/body-store.ts';
import type { InitialWorld } from './initial-world.ts';

/** What a step wrote into a text file. */
export interface WrittenText {
  path: string;
  /** Whole text before and after; before is absent where the file was not there. */
  before?: string;
  after: string;
  /** The lines that were not in the file before, nor in any other that was there from the start. */
  added: string;
}

/** Gives the text of a file by its entry in the state, where the step kept it. */
export function keptText({ state }: Step, bodies: BodyReader): (entry: unknown) => string | undefined {
  return (entry) => {
    const text = state?.contents[sha256Of(entry) ?? ''];
    return text === undefined ? undefined : bodies.text(text);
  };
}

/** The texts that a step wrote, as far as they were kept; files that were only copied or moved add nothing. */
export function writtenIn(step: Step, bodies: BodyReader, initialWorld: () => InitialWorld): WrittenText[] {
  const textOf = keptText(step, bodies);
  return (step.state?.changes ?? []).flatMap(({ path, before: was, after: is }) => {
    const after = path.includes('/.git/') ? undefined : textOf(is);
    if (after === undefined) return [];
    const before = textOf(was);
    const old = new Set(before?.split('\n'));
    const { lines } = initialWorld();
    const added = after
      .split('\n')
      .filter((line) => !old.has(line) && !lines.has(line))
      .join('\n');
    return [{ path, ...(before !== undefined && { before }), after, added }];
  });
}

/** Whether a file is a program, whose text makes no claims. */
export const isProgram = (path: string) =>
  /\.(py|[cm]?[jt]sx?|c|h|cc|cpp|hpp|go|rs|java|kt|rb|pl|php|lua|r|sql|sh|bash|zsh|mk|cmake|gradle)$|(^|\/)(Makefile|Dockerfile|Jenkinsfile)$/i.test(
    path,
  );
