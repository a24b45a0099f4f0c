import { FileProblem } from './agent-files.ts';

const contextLines = 4;

/** Lines with their numbers, as `cat -n` prints them. */
function numbered(lines: string[], first: number): string {
  return lines.map((line, index) => `${String(first + index).padStart(6)}\t${line}`).join('\n');
}

/** The lines of a text; a line end at the very end begins no new line. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** A text with line numbers, or a range of its lines, counted from 1; -1 is the last. */
export function viewText(text: string, range?: [number, number]): string {
  const lines = linesOf(text);
  if (range === undefined) return lines.length === 0 ? '[the file is empty]' : numbered(lines, 1);
  const [first] = range;
  const last = range[1] === -1 ? lines.length : range[1];
  if (first < 1 || first > lines.length || last < first) {
    throw new FileProblem(
      `Invalid view_range [${range}]: expected [first, last] with 1 ≤ first ≤ last; the file has ${lines.length} lines`,
    );
  }
  return numbered(lines.slice(first - 1, last), first);
}

/** Replaces the only place where `before` stands; `line` is where it begins, from 1. */
export function replaceText(
  text: string,
  path: string,
  before: string,
  after: string,
): { text: string; line: number } {
  if (before === '') throw new FileProblem('No replacement was performed: old_str is empty');
  const places = placesOf(text, before);
  const [place] = places;
  if (place === undefined) {
    throw new FileProblem(`No replacement was performed: old_str did not appear verbatim in ${path}`);
  }
  const lineAt = (index: number) => text.slice(0, index).split('\n').length;
  if (places.length > 1) {
    throw new FileProblem(
      `No replacement was performed: multiple occurrences of old_str in ${path}, at lines ${places.map(lineAt).join(', ')}; ` +
        'make it unique by taking in more of what stands around it',
    );
  }
  return {
    text: text.slice(0, place) + after + text.slice(place + before.length),
    line: lineAt(place),
  };
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

/** Inserts whole lines after a line; 0 is the top. */
export function insertText(text: string, path: string, after: number, added: string): string {
  const lines = linesOf(text);
  if (after > lines.length) {
    throw new FileProblem(`Invalid insert_line ${after}: ${path} has lines 0 to ${lines.length}`);
  }
  lines.splice(after, 0, ...linesOf(added));
  const end = text === '' || text.endsWith('\n') || after === linesOf(text).length ? '\n' : '';
  return `${lines.join('\n')}${end}`;
}

/** The lines around a change that begins at `line` and put `added` there. */
export function snippet(text: string, line: number, added: string): string {
  const first = Math.max(1, line - contextLines);
  const last = line + linesOf(added).length + contextLines;
  return numbered(linesOf(text).slice(first - 1, last), first);
}
