/** The JSON object or list that a text is; undefined where it is none: texts and numbers are better read as they are. */
export function jsonIn(text: string, reviver?: Parameters<typeof JSON.parse>[1]): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}
