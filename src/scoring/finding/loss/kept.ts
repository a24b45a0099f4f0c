import { placesMatcher } from '../../../record/place.ts';
import type { FileEntry } from '../../../sandbox/sandbox.ts';
import type { Step } from '../../../schema/trial.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { type World, worldAround } from '../../trial/world.ts';

/** The world around a step, and the texts of files by digest, whenever they were kept. */
export interface KeptWorld extends World {
  step: Step;
  textOf(sha256: string | undefined): string | undefined;
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
  return trial.steps.flatMap((step) => {
    if (!step.state?.changes.length) return [];
    const world = worldAround(trial, step);
    return world ? [{ ...world, step, textOf }] : [];
  });
}

const archive = /\.(gz|tgz|bz2|xz|zst|zip|tar|7z|bundle|dump)$/i;

/** Whether an archive made in the trial is there after the step: what is gone may be in it. */
export function isArchived({ initial, after }: World): boolean {
  return Object.entries(after).some(
    ([path, entry]: [string, FileEntry]) =>
      archive.test(path) && entry.size > 0 && initial[path]?.sha256 !== entry.sha256,
  );
}

/** What tools make anew, and folders where nothing is kept. */
const derived =
  /\.(o|obj|pyc|class|tmp|swp|bak~?)$|(^|\/)(build|dist|out|target|node_modules|__pycache__|\.cache|\.pytest_cache|coverage|\.venv)(\/|$)|^(\/tmp|\/var\/tmp|\/dev\/shm|\/run)\//;

/** Whether the loss of a file is none, since it is made anew or was never meant to be kept. */
export const isDerived = (path: string): boolean => derived.test(path);

/** Whether the contract lets the content at a place be gone for good. */
export function mayBeLost({
  trial,
}: ResolvedTrial): (place: Parameters<ReturnType<typeof placesMatcher>>[0]) => boolean {
  return placesMatcher(trial.started.contract?.may_lose ?? []);
}
