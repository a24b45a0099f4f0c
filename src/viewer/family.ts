import type { Outcome } from '../schema/outcome.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { FamilyPage, Relative } from './api.ts';
import type { Library } from './library.ts';
import { readEnds } from './trial-ends.ts';

type Parent = TraceEventOf<'trial.started'>['parent'];

/** A trial and which trial it goes on from. */
export interface Family {
  run: string;
  trial: string;
  agent: string;
  outcome: Outcome | null;
  parent?: Parent;
}

/** The parents of all trials; each trace is looked at once. */
export function createFamilies(library: Library): () => Family[] {
  const parents = new Map<string, Parent | null>();
  return () =>
    library.runs().flatMap(({ run, trials }) =>
      trials.map(({ trial, agent, outcome }) => {
        const key = `${run}/${trial}`;
        if (!parents.has(key)) parents.set(key, parentOf(library, run, trial));
        const parent = parents.get(key);
        return { run, trial, agent, outcome: outcome ?? null, ...(parent && { parent }) };
      }),
    );
}

export function familyOf(trial: string, all: readonly Family[]): FamilyPage {
  const parent = all.find((one) => one.trial === trial)?.parent;
  const own = parent && all.find((one) => isNamed(one.trial, parent.trace));
  return {
    parent: own && parent ? relative(own, parent.step) : null,
    children: all.flatMap((one) =>
      one.parent && isNamed(trial, one.parent.trace) ? relative(one, one.parent.step) : [],
    ),
  };
}

function relative({ run, trial, agent, outcome }: Family, step: number): Relative {
  return { run, trial, agent, step, outcome };
}

/** A parent is named by its trial's id or by its folder. */
function isNamed(trial: string, name: string): boolean {
  return name === trial || name.endsWith(`/${trial}`);
}

function parentOf(library: Library, run: string, trial: string): Parent | null {
  try {
    return readEnds(library.trial(run, trial).dir).started?.parent ?? null;
  } catch {
    return null;
  }
}
