import { harmless, several } from '../format.ts';

/** How much of a text is shown. */
export interface Limit {
  lines: number;
  characters: number;
}

export const unlimited: Limit = { lines: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY };

/** The head of a text, and how much was left out of it. */
export function cut(text: string, limit: Limit): string {
  const whole = text.trimEnd();
  const lines = whole.split('\n');
  const head = lines.slice(0, limit.lines).join('\n').slice(0, limit.characters);
  if (head.length === whole.length) return whole;
  const more = lines.length - head.split('\n').length;
  const rest = more > 0 ? several(more, 'more line') : `${whole.length - head.length} more characters`;
  return `${head}\n… ${rest}`;
}

/** Puts `prefix` before every line. */
export function indent(text: string, prefix: string): string {
  return text
    .split('\n')
    .map((line) => (prefix + line).trimEnd())
    .join('\n');
}

/** A text in lines of at most `width` characters, broken between words; all but the first begin with `hang`. */
export function wrapped(text: string, width: number, hang = '  '): string {
  const lines = [''];
  for (const word of harmless(text).split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.trim() === '' || line.length + 1 + word.length <= width)
      lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    else lines.push(`${hang}${word}`);
  }
  return lines.join('\n');
}
