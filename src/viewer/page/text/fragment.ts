import { jsonIn } from './json-in.ts';

/** A stretch of text and how it is to be shown. */
export interface Fragment {
  text: string;
  kind: 'plain' | 'mark' | 'control';
}

/** Characters that are not seen, or that change how others are seen: controls, bidirectional marks, tags. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u;

/** Splits a text so that no character of it is hidden, and the marked texts, whatever their case, stand out. */
export function fragmentsOf(text: string, marks: readonly string[] = []): Fragment[] {
  return markedFragments(text, marks).flatMap(({ text: part, kind }) =>
    unseen.test(part) ? withoutUnseen(part, kind) : [{ text: part, kind }],
  );
}

function markedFragments(text: string, marks: readonly string[]): Fragment[] {
  const wanted = marks.filter((mark) => mark.trim().length > 1).map((mark) => mark.toLowerCase());
  if (wanted.length === 0) return [{ text, kind: 'plain' }];
  const lower = text.toLowerCase();
  const fragments: Fragment[] = [];
  for (let at = 0; at < text.length; ) {
    const next = nextMark(lower, wanted, at);
    if (!next) return [...fragments, { text: text.slice(at), kind: 'plain' }];
    if (next.start > at) fragments.push({ text: text.slice(at, next.start), kind: 'plain' });
    fragments.push({ text: text.slice(next.start, next.end), kind: 'mark' });
    at = next.end;
  }
  return fragments;
}

function nextMark(lower: string, wanted: readonly string[], from: number) {
  let next: { start: number; end: number } | undefined;
  for (const mark of wanted) {
    const start = lower.indexOf(mark, from);
    if (start >= 0 && (!next || start < next.start)) next = { start, end: start + mark.length };
  }
  return next;
}

function withoutUnseen(text: string, kind: Fragment['kind']): Fragment[] {
  const fragments: Fragment[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') fragments.push({ text: plain, kind });
    plain = '';
  };
  for (const character of text) {
    if (character === '\n' || character === '\t' || !unseen.test(character)) {
      plain += character;
      continue;
    }
    flush();
    fragments.push({ text: nameOf(character), kind: 'control' });
  }
  flush();
  return fragments;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

const maxMarks = 20;
/** Shorter texts, such as ids, stand everywhere and show nothing. */
const minTextLength = 8;

/** Texts to mark so that evidence stands out where it stands: its lines, and the texts in it where it is JSON. */
export function marksOf(evidence: string): string[] {
  const lines = evidence.split('\n').map((line) => line.trim());
  return [...textsIn(jsonIn(evidence)), ...lines].filter((text) => text.length > 2).slice(0, maxMarks);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= minTextLength ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
