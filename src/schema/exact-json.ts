import type { Json } from './json.ts';

/** Texts and numbers of a JSON text. */
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const isBig = (written: string) => /^-?\d+$/.test(written) && !Number.isSafeInteger(Number(written));

/** Whether a JSON text holds an integer that a double can't. */
export const hasBigInteger = (text: string): boolean => text.match(token)?.some(isBig) ?? false;

/** What a JSON text holds, with each integer that a double can't hold as the text that `write` makes of it. */
export const parseExactly = (text: string, write: (digits: string) => string = (digits) => digits): Json =>
  JSON.parse(text.replace(token, (one) => (isBig(one) ? JSON.stringify(write(one)) : one)));

/** Such an integer among values that will be JSON text again. */
export const markBigInteger = (digits: string) => `\uE000${digits}\uE000`;

/** JSON text in which marked integers are integers again. */
export const exactText = (json: string): string => json.replace(/"\uE000(-?\d+)\uE000"/g, '$1');

/** The JSON text of a value whose big integers are marked, or are bigints. */
export const exactJson = (value: unknown): string =>
  exactText(
    JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? markBigInteger(String(one)) : one)) ??
      'null',
  );

const marked = /^\uE000(-?\d+)\uE000$/;

/** What a JSON text holds, with each integer that a double can't hold as a bigint. */
export function parseWithBigInts(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(JSON.stringify(parseExactly(text, markBigInteger)), (_, one) => {
    const digits = typeof one === 'string' && marked.exec(one)?.[1];
    return digits ? BigInt(digits) : one;
  });
}
