import type { RunningContainer } from './container.ts';

type Changed = { path: string; op: 'created' | 'changed' | 'deleted' };

/** The engine's kinds of change, by number. */
const ops = ['changed', 'created', 'deleted'] as const;

/** What the engine says differs from the image; folders that only hold something changed are left out. */
export async function changedSinceImage(running: RunningContainer): Promise<Changed[]> {
  const changes = await changesOf(running);
  const holders = new Set(changes.map(({ Path }) => Path.slice(0, Path.lastIndexOf('/'))));
  return changes.flatMap(({ Path: path, Kind }) => {
    const op = ops[Kind];
    return op && !(op === 'changed' && holders.has(path)) ? [{ path, op }] : [];
  });
}

async function changesOf({
  container,
  failure,
}: RunningContainer): Promise<{ Path: string; Kind: number }[]> {
  try {
    return ((await container.changes()) as { Path: string; Kind: number }[] | null) ?? [];
  } catch (error) {
    throw await failure(error, 'The engine did not tell what changed');
  }
}
