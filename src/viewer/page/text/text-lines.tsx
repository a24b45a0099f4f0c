import Anser from 'anser';
import { memo, useMemo, useState } from 'react';
import { VirtualList } from '../virtual-list.tsx';
import { Visible } from './visible.tsx';

/** Above this many lines only those in sight are in the page. */
const fewLines = 200;
const lineHeight = 19;
const shortLine = 2000;
const moreOfLine = 20_000;

interface LinesProps {
  text: string;
  marks?: readonly string[] | undefined;
  label: string;
}

/** A text of any length, with colours, in lines. */
export function TextLines({ text, marks, label }: LinesProps) {
  const lines = useMemo(() => linesOf(text), [text]);
  if (lines.length > fewLines)
    return (
      <VirtualList
        as="section"
        className="lines many"
        label={label}
        items={lines}
        heightOf={() => lineHeight}
        measured
        line={(line) => <Line line={line} marks={marks} />}
      />
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="lines" aria-label={label} tabIndex={0}>
      {lines.map((line, index) => (
        <Line key={`${index}`} line={line} marks={marks} />
      ))}
    </section>
  );
}

const Line = memo(function Line({ line, marks }: { line: Span[]; marks?: readonly string[] | undefined }) {
  const [shown, setShown] = useState(shortLine);
  const length = line.reduce((sum, { text }) => sum + text.length, 0);
  return (
    <div className="line">
      {headOf(line, shown).map(({ text, look }, index) => (
        <span key={`${index}`} className={look || undefined}>
          <Visible text={text} {...(marks && { marks })} />
        </span>
      ))}
      {length > shown && (
        <button type="button" className="more" onClick={() => setShown(shown + moreOfLine)}>
          {(length - shown).toLocaleString('en')} more characters on this line
        </button>
      )}
      {length === 0 && '\u00a0'}
    </div>
  );
});

function headOf(line: Span[], length: number): Span[] {
  let left = length;
  return line.flatMap(({ text, look }) => {
    const part = text.slice(0, Math.max(0, left));
    left -= text.length;
    return part === '' ? [] : { text: part, look };
  });
}

/** A stretch of a line in one look. */
export interface Span {
  text: string;
  /** CSS classes; empty for plain text. */
  look: string;
}

const escapeCharacter = '\u001b';

/** The lines of a terminal's output, its colours turned into classes. */
function linesOf(text: string): Span[][] {
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
