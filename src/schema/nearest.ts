import { closest, distance } from 'fastest-levenshtein';
import { messageOf } from '../errors.ts';

/** The candidate at most `maxEdits` letters away from `name`, the nearest where several are; undefined where none is. */
export function nearest(name: string, candidates: readonly string[], maxEdits: number): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(name, candidates);
  return distance(name, best) <= maxEdits ? best : undefined;
}

/** `; did you mean "x"?`, or nothing where no candidate is near. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const maxEdits = Math.max(2, Math.floor(name.length / 2));
  const best =
    nearest(name, candidates, maxEdits) ?? candidates.find((candidate) => candidate.includes(name));
  return best === undefined ? '' : `; did you mean "${best}"?`;
}

/** Names that a CEL expression may use. */
export interface CelNames {
  variables: readonly string[];
  functions: readonly string[];
  /** Of the values it is over. */
  fields: readonly string[];
}

/** What a CEL compiler says of an expression: its place, and the wrong name with the one that was probably meant. */
export function celMistake(source: string, error: unknown, names: CelNames): string {
  const { range, summary = messageOf(error) } = (error ?? {}) as {
    range?: { start: number };
    summary?: string;
  };
  const at = range ? `${linePosition(source, range.start)}: ` : '';
  const variable = /^Unknown variable: (\w+)/.exec(summary)?.[1];
  const called =
    new RegExp(`\\.(\\w+)\\(\\s*${variable ?? ''}\\s*,`).exec(source)?.[1] ??
    /^found no matching overload for '(?:[^('"]*\.)?(\w+)\(/.exec(summary)?.[1];
  if (called !== undefined && !names.functions.includes(called)) {
    return `${at}Unknown function: ${called}${didYouMean(called, names.functions)}`;
  }
  if (variable !== undefined) {
    const hint = didYouMean(variable, names.variables) || `, expected one of ${names.variables.join(', ')}`;
    return `${at}${summary}${hint}`;
  }
  const field = /^No such key: (\w+)/.exec(summary)?.[1];
  return `${at}${summary}${field === undefined ? ', expected CEL' : didYouMean(field, names.fields)}`;
}

/** Where an offset is in a text, from 1: `line 2 column 7`. */
export function linePosition(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
