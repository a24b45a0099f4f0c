import { join } from 'node:path';
import { type ProctorError, unlessFailed } from '../errors.ts';
import { foldersIn } from './find-trace.ts';
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

/**
 * `<run>/<trial>` → the trials in a folder of runs that go on from it, oldest first. Replays, which only repeat it, are left out;
 * so is a trace that cannot be read, of which `told` is told.
 */
export function childrenIn(tracesDir: string, told: (error: ProctorError) => void): Map<string, Child[]> {
  const children = new Map<string, Child[]>();
  const runs = foldersIn(tracesDir).map((run) => join(tracesDir, run));
  for (const dir of runs.flatMap((run) => foldersIn(run).map((trial) => join(run, trial)))) {
    const found = holdsTrace(dir) && unlessFailed(() => childOf(dir), { told });
    if (found) children.set(found.parent, [...(children.get(found.parent) ?? []), found.child]);
  }
  return children;
}

/** Reads no more than the first event. */
function childOf(dir: string): { parent: string; child: Child } | undefined {
  const { first } = openTrace(dir);
  if (!first?.parent || first.agent.id.startsWith('replay:')) return undefined;
  const { run, trial, agent, parent } = first;
  return { parent: parent.trace, child: { run, trial, agent: agent.id, step: parent.step } };
}
