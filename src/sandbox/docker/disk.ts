import type { RunningContainer } from './container.ts';

const checkMs = 1_000;
const lookTimeoutMs = 30_000;
/** A look at files takes at most this share of the time. */
const lookShare = 0.2;

/** Inode, size in bytes, blocks of 512 bytes and time of change of every large file, by programs that BusyBox has too. */
const largeFiles = `find / -xdev -type f -size +512k -exec stat -c '%i %s %b %Z' {} +`;

/**
 * Checks once a second how much room a container's own layer takes, and those of its services, since few engines can limit it. Calls `onFull` once past the limit.
 * Returns a function that ends the watch; a command of less than a second costs nothing.
 */
export function watchDisk(
  running: RunningContainer,
  maxMb: number,
  onFull: (takenMb: number) => void,
): () => void {
  let isOver = false;
  const check = async () => {
    const begun = performance.now();
    const takenMb = await takenBy(running, maxMb).catch(() => 0);
    if (isOver) return;
    if (takenMb > maxMb) return onFull(takenMb);
    timer = setTimeout(check, Math.max(checkMs, (performance.now() - begun) / lookShare));
  };
  let timer = setTimeout(check, checkMs);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** MB that were written; only past the limit is it worth a look which of these are holes. */
async function takenBy({ container, init, services }: RunningContainer, maxMb: number): Promise<number> {
  const beside = (await services?.writtenMb()) ?? 0;
  if (beside > maxMb) return Math.round(beside);
  const info = await container.inspect({ size: true } as object);
  const bytes = (info as { SizeRw?: number }).SizeRw ?? 0;
  if (bytes <= maxMb * 1e6) return bytes / 1e6;
  const files = await init.run(largeFiles, lookTimeoutMs).catch(() => Buffer.alloc(0));
  const holes = holesIn(files.toString(), Math.floor(Date.parse(info.State.StartedAt) / 1000));
  return Math.round((bytes - holes) / 1e6);
}

/** Bytes of holes in files changed since a second of the epoch; those of before are the image's and were not written. */
function holesIn(files: string, since: number): number {
  const holes = new Map<string, number>();
  for (const line of files.split('\n')) {
    const [inode = '', size = 0, blocks = 0, changedAt = 0] = line.split(' ');
    if (Number(changedAt) >= since) holes.set(inode, Math.max(0, Number(size) - Number(blocks) * 512));
  }
  return [...holes.values()].reduce((sum, one) => sum + one, 0);
}
