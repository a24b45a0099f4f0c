import Anser from 'anser';

/** A stretch of a line in one look. */
export interface Span {
  text: string;
  /** CSS classes; empty for plain text. */
  look: string;
}

const escapeCharacter = '\u001b';

/** The lines of a terminal's output, its colours turned into classes. */
export function linesOf(text: string): Span[][] {
  if (!text.includes(escapeCharacter)) return text.split('\n').map((line) => [{ text: line, look: '' }]);
  const lines: Span[][] = [[]];
  for (const part of Anser.ansiToJson(text, { use_classes: true, remove_empty: true })) {
    const look = lookOf(part.fg, part.bg, part.decorations ?? []);
    part.content.split('\n').forEach((line, index) => {
      if (index > 0) lines.push([]);
      if (line !== '') lines.at(-1)?.push({ text: line, look });
    });
  }
  return lines;
}

/** Hidden text is shown all the same. */
function lookOf(fg: string | null, bg: string | null, decorations: readonly string[]): string {
  const shown = decorations
    .filter((name) => name !== 'hidden' && name !== 'blink')
    .map((name) => `ansi-${name}`);
  return [fg, bg && `${bg}-bg`, ...shown].filter(Boolean).join(' ');
}
