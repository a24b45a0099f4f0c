/** What may differ between two executions of the same calls without meaning anything. */
export interface Mask {
  name: string;
  /** Global. */
  pattern: RegExp;
  replace: string;
  /** Applies only to calls whose arguments match. */
  when?: RegExp;
  /** Says of each match whether it is what the mask is for. */
  accepts?(match: string, time: Period): boolean;
  /** Treats the whole text instead of matches. */
  rewrite?(text: string): string;
}

/** When a trial ran, in milliseconds since 1970. */
export interface Period {
  from: number;
  to: number;
}

/** A text, and what is needed to know what may differ in it. */
export interface Told {
  text: string;
  time: Period;
}

/**
 * The names of the masks that make two texts the same, none more than needed: empty where they are the same as they are,
 * undefined where no masks do it. `args` is the JSON of the call's arguments.
 */
export function masksBetween(a: Told, b: Told, args: string, masks: readonly Mask[]): string[] | undefined {
  if (a.text === b.text) return [];
  let needed = masks.filter(({ when }) => when?.test(args) ?? true);
  const same = (some: readonly Mask[]) => masked(a, some) === masked(b, some);
  if (!same(needed)) return undefined;
  for (const mask of needed) {
    const without = needed.filter((other) => other !== mask);
    if (same(without)) needed = without;
  }
  return [...new Set(needed.map(({ name }) => name))];
}

/** A text with everything replaced that masks match. */
export function masked({ text, time }: Told, masks: readonly Mask[]): string {
  return masks.reduce((result, { pattern, replace, accepts, rewrite }) => {
    if (rewrite) return rewrite(result);
    if (!accepts) return result.replace(pattern, replace);
    return result.replace(pattern, (match) => (accepts(match, time) ? replace : match));
  }, text);
}
