/**
 * A signal that is aborted by the first Ctrl-C or TERM, so that trials end cleanly; the second one ends the process at once.
 * `atOnce` may still remove what must not stay behind.
 */
export function onInterrupt(
  notice: (line: string) => void,
  stopping = 'stopping: trials end, sandboxes are removed; once more to stop at once',
): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) process.exit(130);
    notice(stopping);
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    stop() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
