import type { DecideOptions } from '../agent.ts';
import { lostConnection } from './endpoint-error.ts';

export interface Watch {
  signal: AbortSignal;
  /** Milliseconds without a byte after which the server counts as hanging. */
  idleMs: number;
  waiting?: DecideOptions['waiting'] | undefined;
  /** Told of the headers of an answer before the rest of it is read. */
  headers?: ((headers: Headers) => void) | undefined;
}

/**
 * Runs one exchange with an endpoint, which says by `heard` that something came. Silence is a wait; too much of it aborts the controller
 * and is a lost connection. Throws the signal's reason where it is aborted.
 */
export async function watched<T>(
  { signal, idleMs, waiting = () => () => {} }: Watch,
  exchange: (controller: AbortController, heard: () => void) => Promise<T>,
): Promise<T> {
  let endSilence = waiting();
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal.addEventListener('abort', stop);
  let hung = false;
  const idle = setTimeout(() => {
    hung = true;
    stop();
  }, idleMs);
  const heard = () => {
    idle.refresh();
    endSilence(true);
    endSilence = waiting();
  };
  try {
    signal.throwIfAborted();
    return await exchange(controller, heard);
  } catch (error) {
    signal.throwIfAborted();
    throw hung ? lostConnection(`nothing came for ${idleMs / 1000} s`, error) : error;
  } finally {
    endSilence();
    clearTimeout(idle);
    signal.removeEventListener('abort', stop);
  }
}

/** A response whose bytes are seen as they come. */
export function seen(response: Response, onBytes: (bytes: Uint8Array) => void): Response {
  const through = new TransformStream<Uint8Array, Uint8Array>({
    transform: (bytes, out) => {
      onBytes(bytes);
      out.enqueue(bytes);
    },
  });
  return new Response(response.body?.pipeThrough(through) ?? null, response);
}
