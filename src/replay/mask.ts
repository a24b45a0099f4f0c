import { isDeepStrictEqual } from 'node:util';
import { pathMatcher } from '../environment/state-diff.ts';
import type { StateChange } from '../schema/state.ts';

/** What may differ between two executions of the same calls without meaning anything. */
export interface Mask {
  name: string;
  /** Global. */
  pattern: RegExp;
  replace: string;
  /** Applies only to calls whose arguments match. */
  when?: RegExp;
  /** Says of each match whether it is what the mask is for, in a trial of that time. */
  accepts?(match: string, now: Period): boolean;
  /** Treats the whole text instead of matches. */
  rewrite?(text: string): string;
}

/** When a trial ran, in milliseconds since 1970. */
export interface Period {
  from: number;
  to: number;
}

/** What ought to be the same in two executions. */
export interface Sides<T> {
  recorded: T;
  replayed: T;
}

/** What ought to be the same, and when each trial ran. */
export interface TimedSides<T> extends Sides<T> {
  times: readonly Period[];
}

/**
 * The names of the masks that make two texts the same, none more than needed: empty where they are the same as they are,
 * undefined where no masks do it. `args` is the JSON of the call's arguments.
 */
export function masksBetween(
  { recorded, replayed, times }: TimedSides<string>,
  args: string,
  masks: readonly Mask[],
): string[] | undefined {
  if (recorded === replayed) return [];
  let needed = masks.filter(({ when }) => when?.test(args) ?? true);
  const same = (some: readonly Mask[]) => masked(recorded, times, some) === masked(replayed, times, some);
  if (!same(needed)) return undefined;
  for (const mask of needed) {
    const without = needed.filter((other) => other !== mask);
    if (same(without)) needed = without;
  }
  return [...new Set(needed.map(({ name }) => name))];
}

/** A text with everything replaced that masks match. */
function masked(text: string, times: readonly Period[], masks: readonly Mask[]): string {
  return masks.reduce((result, { pattern, replace, accepts, rewrite }) => {
    if (rewrite) return rewrite(result);
    if (!accepts) return result.replace(pattern, replace);
    return result.replace(pattern, (match) => (times.some((time) => accepts(match, time)) ? replace : match));
  }, text);
}

/** Parts of the state that may differ between two executions of the same calls. */
export interface StateMask {
  name: string;
  /** Globs of files, or of JSON pointers into a server's state. */
  paths: readonly string[];
}

/** What a step changed, in the two executions. */
export type Changes = Sides<readonly StateChange[]>;

/** Both sides without the changes that masks cover, and the names of the masks that were needed. */
export function maskChanges(changes: Changes, masks: readonly StateMask[]): Changes & { needed: string[] } {
  const needed: string[] = [];
  let { recorded, replayed } = changes;
  for (const { name, paths } of masks) {
    const covers = pathMatcher(paths);
    const covered = (side: readonly StateChange[]) => side.filter(({ path }) => covers(path));
    if (isDeepStrictEqual(covered(recorded), covered(replayed))) continue;
    needed.push(name);
    const outside = (side: readonly StateChange[]) => side.filter(({ path }) => !covers(path));
    [recorded, replayed] = [outside(recorded), outside(replayed)];
  }
  return { recorded, replayed, needed };
}
