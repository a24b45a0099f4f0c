import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { unlessFailed } from '../errors.ts';
import { openTrace } from '../trace/trace-file.ts';
import type { LineageResponse, Relative } from './api.ts';
import type { Library } from './library.ts';

type Parent = NonNullable<Relative['parent']>;

/** A trial and which trial it goes on from. */
export type LinkedTrial = Omit<Relative, 'depth'>;

/** The parents of all trials; each trace is looked at once. */
export function createLinkedTrials(library: Library): () => Promise<LinkedTrial[]> {
  const parents = new Map<string, Parent | null>();

  async function parentOf(dir: string): Promise<Parent | null> {
    const known = parents.get(dir);
    if (known !== undefined) return known;
    await setImmediate();
    const started = unlessFailed(() => openTrace(dir).first);
    if (!started) return null;
    parents.set(dir, started.parent ?? null);
    return started.parent ?? null;
  }

  return async () => {
    const all: LinkedTrial[] = [];
    for (const { run, trials } of library.runs()) {
      const { dir: runDir } = library.run(run);
      for (const { trial, agent, outcome = null, dir } of trials) {
        const parent = await parentOf(join(runDir, dir));
        all.push({ run, trial, agent, outcome, ...(parent && { parent }) });
      }
    }
    return all;
  };
}

export function lineageOf(run: string, trial: string, all: readonly LinkedTrial[]): LineageResponse {
  const own = all.find((one) => one.run === run && one.trial === trial);
  if (!own) return { members: [] };
  const members = descendants(firstOf(own, all), all, 0, new Set());
  return { members: members.length > 1 || own.parent ? members : [] };
}

function firstOf(one: LinkedTrial, all: readonly LinkedTrial[]): LinkedTrial {
  const seen = new Set([one]);
  for (let first = one; ; seen.add(first)) {
    const { parent } = first;
    const before = parent && all.find((other) => isNamed(other, parent.trace));
    if (!before || seen.has(before)) return first;
    first = before;
  }
}

function descendants(
  one: LinkedTrial,
  all: readonly LinkedTrial[],
  depth: number,
  seen: Set<LinkedTrial>,
): Relative[] {
  if (seen.has(one)) return [];
  seen.add(one);
  const children = all.filter(({ parent }) => parent && isNamed(one, parent.trace));
  return [{ ...one, depth }, ...children.flatMap((child) => descendants(child, all, depth + 1, seen))];
}

/** A parent is named by its run and trial, or by its trial alone. */
function isNamed({ run, trial }: LinkedTrial, name: string): boolean {
  return name === trial || name === `${run}/${trial}`;
}
