/** A stretch of text and how it is to be shown. */
export interface Piece {
  text: string;
  kind: 'plain' | 'mark' | 'control';
}

/** Characters that are not seen, or that change how others are seen: controls, bidirectional marks, tags. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u;

/** Splits a text so that no character of it is hidden, and the marked texts, whatever their case, stand out. */
export function piecesOf(text: string, marks: readonly string[] = []): Piece[] {
  return markedPieces(text, marks).flatMap(({ text: part, kind }) =>
    unseen.test(part) ? withoutUnseen(part, kind) : [{ text: part, kind }],
  );
}

function markedPieces(text: string, marks: readonly string[]): Piece[] {
  const wanted = marks.filter((mark) => mark.trim().length > 1).map((mark) => mark.toLowerCase());
  if (wanted.length === 0) return [{ text, kind: 'plain' }];
  const lower = text.toLowerCase();
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; ) {
    const next = nextMark(lower, wanted, at);
    if (!next) return [...pieces, { text: text.slice(at), kind: 'plain' }];
    if (next.start > at) pieces.push({ text: text.slice(at, next.start), kind: 'plain' });
    pieces.push({ text: text.slice(next.start, next.end), kind: 'mark' });
    at = next.end;
  }
  return pieces;
}

function nextMark(lower: string, wanted: readonly string[], from: number) {
  let next: { start: number; end: number } | undefined;
  for (const mark of wanted) {
    const start = lower.indexOf(mark, from);
    if (start >= 0 && (!next || start < next.start)) next = { start, end: start + mark.length };
  }
  return next;
}

function withoutUnseen(text: string, kind: Piece['kind']): Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') pieces.push({ text: plain, kind });
    plain = '';
  };
  for (const character of text) {
    if (character === '\n' || character === '\t' || !unseen.test(character)) {
      plain += character;
      continue;
    }
    flush();
    pieces.push({ text: nameOf(character), kind: 'control' });
  }
  flush();
  return pieces;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
