import { Minimatch } from 'minimatch';
import { leavesOf, type ResolvedCall, type ResolvedTrial } from '../trial/resolved-trial.ts';
import { worldAround } from '../trial/world.ts';
import { absolutePath } from './touched.ts';

/**
 * Tells whether a call reads a file at one of the places, which are globs: by its command, or by an argument that is its path.
 * `within` counts the reading of a folder that holds such a file.
 */
export function readerOf(
  trial: ResolvedTrial,
  places: readonly string[],
  { within = false } = {},
): (call: ResolvedCall) => boolean {
  const globs = places.map((place) => new Minimatch(place, { dot: true, nocomment: true, nonegate: true }));
  const isPlace = (path: string) => globs.some((glob) => glob.match(path));
  return (call) => wordsOf(call).some((word) => mayBe(trial, call, word, { places, isPlace, within }));
}

const wordsOf = ({ facts, args }: ResolvedCall): string[] => [
  ...facts.reads,
  ...(facts.commands.length > 0 ? [] : leavesOf(args)),
];

interface Places {
  places: readonly string[];
  isPlace(path: string): boolean;
  within: boolean;
}

/** Whether a word that a call reads is a file at a place, a folder that holds one, or a pattern that means one. */
function mayBe(trial: ResolvedTrial, call: ResolvedCall, word: string, sought: Places): boolean {
  const { places, isPlace, within } = sought;
  const path = absolutePath(trial, call, word);
  if (path === undefined) return isSuffix(trial, call, word, sought);
  if (isPlace(path)) return true;
  const isMeant = path.includes('*') ? new Minimatch(path, { dot: true }) : undefined;
  if (isMeant && places.some((place) => isMeant.match(place))) return true;
  if (!isMeant && !within) return false;
  const isOf = (file: string) => isMeant?.match(file) || (within && file.startsWith(`${path}/`));
  return filesAround(trial, call).some((file) => isPlace(file) && isOf(file));
}

/** The folder is not known that the word is relative to: whether all files that end in it are at a place, or a place ends in it. */
function isSuffix(
  trial: ResolvedTrial,
  call: ResolvedCall,
  word: string,
  { places, isPlace }: Places,
): boolean {
  const ending = `/${word.replace(/^(\.\/)+/, '')}`;
  if (places.some((place) => place.endsWith(ending))) return true;
  const meant = new Minimatch(`**${ending}`, { dot: true });
  const own = filesAround(trial, call).filter((file) => meant.match(file));
  return own.length > 0 && own.every(isPlace);
}

/** Paths that were there before the call's step or after it, as far as files are watched. */
function filesAround(trial: ResolvedTrial, { step }: ResolvedCall): string[] {
  const world = worldAround(trial, step);
  return world ? Object.keys({ ...world.before, ...world.after }) : [];
}
