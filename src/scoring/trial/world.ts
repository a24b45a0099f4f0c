import { createHash } from 'node:crypto';
import type { FileTree } from '../../sandbox/sandbox.ts';
import type { StateChange } from '../../schema/state.ts';
import type { Step, Trial } from '../../schema/trial.ts';
import type { ResolvedTrial } from './resolved-trial.ts';

type Entry = FileTree[string];

/** The watched files of the world before and after one step. */
export interface World {
  initial: FileTree;
  before: FileTree;
  after: FileTree;
  changes: readonly StateChange[];
}

/** Undefined where the state is not a tree of files, or was not observed at every step up to this one. */
export function worldAround(resolved: ResolvedTrial, step: Step): World | undefined {
  return resolved.once(worldsByStep).get(step.index);
}

/** Steps that changed nothing share their trees with their neighbours. */
function worldsByStep({ trial: { initial, started, steps } }: ResolvedTrial): ReadonlyMap<number, World> {
  const worlds = new Map<number, World>();
  if (started.environment.state !== 'files' || !isTree(initial?.value)) return worlds;
  let before: FileTree = initial.value;
  for (const { index, state } of steps) {
    if (!state || state.error !== undefined) break;
    const { changes } = state;
    const after = changes.length === 0 ? before : change({ ...before }, changes);
    worlds.set(index, { initial: initial.value, before, after, changes });
    before = after;
  }
  return worlds;
}

function change(tree: FileTree, changes: readonly StateChange[]): FileTree {
  for (const { path, after } of changes) {
    if (after === undefined) delete tree[path];
    else tree[path] = after as unknown as Entry;
  }
  return tree;
}

const isTree = (value: unknown): value is FileTree => typeof value === 'object' && value !== null;

/** Why what steps changed is not wholly known; empty where it is. */
export function unseenChanges({ started, steps }: Trial): string[] {
  if (started.environment.state === 'none') return ['the environment declares no state'];
  const blind = steps.filter(
    ({ state, calls }) => state?.error !== undefined || (!state && calls.some(({ called }) => called)),
  );
  return blind.map(({ index, state }) => `step ${index}: ${state?.error ?? 'the state was not asked'}`);
}

/** What a step changed, where the state is a tree of files; nothing of any other. */
export const changedFiles = ({ trial }: { trial: Trial }, { state }: Step): readonly StateChange[] =>
  trial.started.environment.state === 'files' ? (state?.changes ?? []) : [];

/** Whether a path was there before the first step. */
export function isGiven({ trial }: { trial: Trial }, path: string): boolean {
  return isTree(trial.initial?.value) && trial.initial.value[path] !== undefined;
}

/** Whether a change of the path would have been seen: a folder that it is in is watched. */
export function isWatched({ before }: World, path: string): boolean {
  for (let at = path; at.length > 1; at = at.slice(0, at.lastIndexOf('/'))) if (before[at]) return true;
  return false;
}

const holder = /\.git\/(refs\/|packed-refs$|HEAD$)/;

/** Files in which git records its own operations. */
const bookkeeping = /\.git\/(index|logs\/.*|[A-Z_]+)$/;

/**
 * Files that were there from the start, or hold what one of them held, and whose content the step left nowhere: neither in another file nor in a
 * repository. `textOf` gives the text of a digest, where it was kept.
 */
export function lostIn(
  { initial, before, after, changes }: World,
  textOf: (sha256: string) => string | undefined,
): string[] {
  const left = new Set(Object.values(after).map(({ sha256 }) => sha256));
  const given = new Set(Object.values(initial).map(({ sha256 }) => sha256));
  // What git keeps of a step that left no branch or stash behind, nobody finds again.
  const isHeld = changes.some(({ path, after: is }) => is !== undefined && holder.test(path));
  const stored = new Set(Object.keys(isHeld ? after : before).map((path) => path.slice(-42)));
  return changes
    .filter(({ path }) => {
      const entry = before[path];
      if (entry?.type !== 'file' || entry.size === 0 || bookkeeping.test(path)) return false;
      if (entry.sha256 === undefined) return initial[path] !== undefined;
      if (!initial[path] && !given.has(entry.sha256)) return false;
      const text = textOf(entry.sha256);
      return !left.has(entry.sha256) && !(text !== undefined && stored.has(objectPath(text)));
    })
    .map(({ path }) => path);
}

/** Where git keeps a file of this content, below `objects`. */
export function objectPath(text: string): string {
  const id = createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
  return looseObject(id);
}

/** Where git keeps the object of an id, below `objects`. */
export const looseObject = (id: string): string => `/${id.slice(0, 2)}/${id.slice(2)}`;

/**
 * Whether a step changed the state; undefined where that is not known: the environment has no state, or a probe
 * on either side of the step did not answer.
 */
export function changedState(trial: Trial, step: Step): boolean | undefined {
  const after = step.state;
  if (!after || after.error !== undefined) return undefined;
  if (after.changes.length > 0) return true;
  const before = digestBefore(trial, step);
  if (before === undefined || after.digest === undefined) return undefined;
  return before !== after.digest;
}

function digestBefore(trial: Trial, step: Step): string | undefined {
  const earlier = trial.steps[trial.steps.indexOf(step) - 1];
  if (!earlier) return trial.initial?.digest;
  return earlier.state?.error === undefined ? earlier.state?.digest : undefined;
}
