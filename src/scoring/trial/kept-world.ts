import type { Step } from '../../schema/trial.ts';
import type { ResolvedTrial } from './resolved-trial.ts';
import { type World, worldAround } from './world.ts';

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
