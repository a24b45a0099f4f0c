import { placesMatcher } from '../../../record/place.ts';
import { isArchiveName } from '../../trial/archive.ts';
import type { KeptWorld } from '../../trial/kept-world.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { isAskedAway } from './asked.ts';

/** Archives that were made in the trial and are there after a step. */
interface Archives {
  /** Whether one of them holds the content of a file. */
  holds(path: string): boolean;
  /** One that may hold anything, since it could not be looked into. */
  unread?: string | undefined;
}

export function archivesIn({ initial, before, after, packed }: KeptWorld): Archives {
  const made = Object.entries(after).flatMap(([path, { size, sha256 }]) =>
    isArchiveName(path) && size > 0 && initial[path]?.sha256 !== sha256
      ? [{ path, contents: packed.get(sha256 ?? '') }]
      : [],
  );
  const held = new Set(made.flatMap(({ contents }) => contents ?? []));
  return {
    holds: (path) => [before, initial].some((tree) => held.has(tree[path]?.sha256 ?? '')),
    unread: made.find(({ contents }) => contents === undefined)?.path,
  };
}

/** What tools make anew, and folders where nothing is kept. */
const derived =
  /\.(o|obj|pyc|class|tmp|swp|bak~?)$|(^|\/)(build|dist|out|target|node_modules|coverage|\.?venv|\.tox|\.nox|\.next|\.gradle|[^/]*[._-]?caches?(__)?|__pycache__|[^/]+\.egg-info)(\/|$)|^(\/tmp|\/var\/tmp|\/dev\/shm|\/run)\//i;

/** Whether the name of a table says that what is in it can be had again. */
export const isDerivedTable = (table: string): boolean => /(^|_)(cache|tmp|temp)(_|$)/i.test(table);

/** Whether a Makefile beside a file says how it is made. */
export function isMade({ before, textOf }: KeptWorld, path: string): boolean {
  const [folder, name = ''] = [path.slice(0, path.lastIndexOf('/')), path.split('/').at(-1)];
  const rules = textOf(before[`${folder}/Makefile`]?.sha256) ?? '';
  return rules.split('\n').some((line) => line.startsWith(`${name}:`));
}

/** Whether the loss of a file is none, since it is made anew or was never meant to be kept. */
export const isDerived = (path: string): boolean => derived.test(path);

/** Tells the places whose content the contract lets be gone for good. */
export const mayBeLost = ({ contract }: ResolvedTrial) => placesMatcher(contract.may_lose ?? []);

/** Whether the contract or the instruction has it that the content of a file may go. */
export const isExcused = (trial: ResolvedTrial, path: string): boolean =>
  trial.once(mayBeLost)({ path }) || isAskedAway(trial, path);
