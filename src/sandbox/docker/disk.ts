import type { RunningContainer } from './container.ts';

const checkEveryMs = 1_000;

/**
 * Checks once a second how much a container has written to its own layer, since few engines can limit it. Calls `onFull` once past the limit.
 * Returns a function that ends the watch; a command of less than a second costs nothing.
 */
export function watchDisk(
  { container }: RunningContainer,
  maxMb: number,
  onFull: (writtenMb: number) => void,
): () => void {
  let isOver = false;
  const check = async () => {
    const info = await container.inspect({ size: true } as object).catch(() => undefined);
    const writtenMb = Math.round(((info as { SizeRw?: number } | undefined)?.SizeRw ?? 0) / 1e6);
    if (isOver) return;
    if (writtenMb > maxMb) onFull(writtenMb);
    else timer = setTimeout(check, checkEveryMs);
  };
  let timer = setTimeout(check, checkEveryMs);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** The engine's kinds of change, by number. */
const operations = ['changed', 'created', 'deleted'] as const;

type DiskChange = { path: string; op: (typeof operations)[number] };

/** What the engine says differs from the image; directories that only hold something changed are left out. */
export async function changedSinceImage(running: RunningContainer): Promise<DiskChange[]> {
  const changes = await changesOf(running);
  const holders = new Set(changes.map(({ Path }) => Path.slice(0, Path.lastIndexOf('/'))));
  return changes.flatMap(({ Path: path, Kind }) => {
    const op = operations[Kind];
    return op && !(op === 'changed' && holders.has(path)) ? [{ path, op }] : [];
  });
}

async function changesOf(running: RunningContainer): Promise<{ Path: string; Kind: number }[]> {
  try {
    return ((await running.container.changes()) as { Path: string; Kind: number }[] | null) ?? [];
  } catch (error) {
    throw await running.failure(error, 'The engine did not report what changed');
  }
}
