import { closest, distance } from 'fastest-levenshtein';

/** The candidate that `name` was probably meant to be; undefined where none is near. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(name, [...candidates]);
  if (distance(name, best) <= Math.max(2, Math.floor(name.length / 2))) return best;
  return candidates.find((candidate) => candidate.includes(name));
}

/** `; did you mean "x"?`, or nothing where no candidate is near. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const best = nearest(name, candidates);
  return best === undefined ? '' : `; did you mean "${best}"?`;
}
