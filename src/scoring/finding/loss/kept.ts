import { placesMatcher } from '../../../record/place.ts';
import type { Step } from '../../../schema/trial.ts';
import { isArchiveName } from '../../trial/archive.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { type World, worldAround } from '../../trial/world.ts';

/** The world around a step, the texts of files by digest, whenever they were kept, and what is known to be in archives. */
export interface KeptWorld extends World {
  step: Step;
  textOf(sha256: string | undefined): string | undefined;
  /** sha256 of an archive → sha256 of each content in it. */
  packed: ReadonlyMap<string, readonly string[]>;
}

/** The steps whose state is known on both sides and which changed it. */
export function changingSteps(resolved: ResolvedTrial): KeptWorld[] {
  const { trial, bodies } = resolved;
  const kept = Object.assign(
    {},
    trial.initial?.contents,
    ...trial.steps.map(({ state }) => state?.contents),
  ) as Record<string, Parameters<typeof bodies.text>[0]>;
  const textOf = (sha256: string | undefined) => {
    const body = kept[sha256 ?? ''];
    return body === undefined ? undefined : bodies.text(body);
  };
  const packed = new Map(trial.steps.flatMap(({ state }) => Object.entries(state?.packed ?? {})));
  return trial.steps.flatMap((step) => {
    if (!step.state?.changes.length) return [];
    const world = worldAround(resolved, step);
    return world ? [{ ...world, step, textOf, packed }] : [];
  });
}

/** Tells whether a file's content is in an archive that was made in the trial and is there after the step, or may be, since one could not be looked into. */
export function archivedIn({ initial, before, after, packed }: KeptWorld): (path: string) => boolean {
  const made = Object.entries(after).flatMap(([path, { size, sha256 }]) =>
    isArchiveName(path) && size > 0 && initial[path]?.sha256 !== sha256 ? [packed.get(sha256 ?? '')] : [],
  );
  const held = new Set(made.flatMap((contents) => contents ?? []));
  return (path) =>
    made.includes(undefined) || [before, initial].some((tree) => held.has(tree[path]?.sha256 ?? ''));
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

/** Whether the contract lets the content at a place be gone for good. */
export function mayBeLost({
  trial,
}: ResolvedTrial): (place: Parameters<ReturnType<typeof placesMatcher>>[0]) => boolean {
  return placesMatcher(trial.started.contract?.may_lose ?? []);
}
