import { closest, distance } from 'fastest-levenshtein';

/** The candidate at most `maxEdits` letters away from `name`, the nearest where several are; undefined where none is. */
export function nearest(name: string, candidates: readonly string[], maxEdits: number): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(name, candidates);
  return distance(name, best) <= maxEdits ? best : undefined;
}

/** `; did you mean "x"?`, or nothing where no candidate is near. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const maxEdits = Math.max(2, Math.floor(name.length / 2));
  const best =
    nearest(name, candidates, maxEdits) ?? candidates.find((candidate) => candidate.includes(name));
  return best === undefined ? '' : `; did you mean "${best}"?`;
}
