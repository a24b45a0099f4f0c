import type { RunningContainer } from './container.ts';

const everyMs = 1_000;

/**
 * Looks once a second how much a container has written to its own layer, since few engines can limit it. Calls `onFull` once past the limit.
 * Returns a function that ends the watch; a command of less than a second costs nothing.
 */
export function watchStorage(
  { container }: RunningContainer,
  limitMb: number,
  onFull: (writtenMb: number) => void,
): () => void {
  let over = false;
  const look = async () => {
    const info = await container.inspect({ size: true } as object).catch(() => undefined);
    const writtenMb = Math.round(((info as { SizeRw?: number } | undefined)?.SizeRw ?? 0) / 1e6);
    if (over) return;
    if (writtenMb > limitMb) {
      onFull(writtenMb);
      return;
    }
    timer = setTimeout(look, everyMs);
  };
  let timer = setTimeout(look, everyMs);
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
