import { parseWithBigInts } from '../../../schema/exact-json.ts';

/** The JSON object or list that a text is; undefined where it is none: texts and numbers are better read as they are. */
export function jsonIn(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseWithBigInts(text) as object;
  } catch {
    return undefined;
  }
}
