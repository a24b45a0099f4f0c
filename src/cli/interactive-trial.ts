import type { InteractiveTrial } from '../check/interactive-trial.ts';
import { ProctorError } from '../errors.ts';
import { onInterrupt } from './interrupt.ts';

/** Works interactively in what is opened and leaves nothing of it. Throws what opening and `work` throw, and `interrupted`. */
export async function withInteractiveTrial<Opened extends InteractiveTrial, T>(
  open: (signal: AbortSignal) => Promise<Opened>,
  say: (line: string) => void,
  work: (trial: Opened, signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const { signal, stop } = onInterrupt(say);
  try {
    const opened = await open(signal);
    try {
      return await work(opened, signal);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ProctorError('interrupted', 'stopped', { cause: error });
  } finally {
    stop();
  }
}
