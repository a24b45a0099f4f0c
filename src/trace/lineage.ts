import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { holdsTrace } from './location.ts';
import { openTrace } from './trace-file.ts';

/** A trial that goes on from another one. */
export interface Child {
  run: string;
  trial: string;
  agent: string;
  /** The last step it takes over. */
  step: number;
}

/** `<run>/<trial>` → the trials in a folder of runs that go on from it, oldest first. Replays, which only repeat it, are left out. */
export function childrenIn(tracesDir: string): Map<string, Child[]> {
  const children = new Map<string, Child[]>();
  for (const dir of foldersIn(tracesDir).flatMap((run) => foldersIn(run).filter(holdsTrace))) {
    const found = childOf(dir);
    if (found) children.set(found.parent, [...(children.get(found.parent) ?? []), found.child]);
  }
  return children;
}

function foldersIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(dir, entry.name))
    .sort();
}

/** Reads no more than the first event. */
function childOf(dir: string): { parent: string; child: Child } | undefined {
  const { first } = openTrace(dir);
  if (!first?.parent || first.agent.id.startsWith('replay:')) return undefined;
  const { run, trial, agent, parent } = first;
  return { parent: parent.trace, child: { run, trial, agent: agent.id, step: parent.step } };
}
