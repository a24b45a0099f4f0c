import { type HandRoom, openHandRoom } from '../check/hand-room.ts';
import type { Seat } from '../check/play.ts';
import { sandboxSpec } from '../environment/sandbox-spec.ts';
import { ProctorError } from '../errors.ts';
import type { OpenToolbox } from '../orchestrator/plan.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { onInterrupt } from './interrupt.ts';

interface HandWork {
  run: string;
  /** What its sandbox is labelled with as its trial. */
  trial: string;
  provider: SandboxProvider;
  openToolbox: OpenToolbox;
  say(line: string): void;
}

/** Works in a fresh room by hand and leaves nothing of it, nor of its provider. Throws what opening and `work` throw, and `interrupted`. */
export async function inHandRoom<T>(
  seat: Seat,
  { run, trial, provider, openToolbox, say }: HandWork,
  work: (room: HandRoom, signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const { signal, stop } = onInterrupt(say);
  try {
    const spec = sandboxSpec(seat.task, seat.environment, { run, trial });
    if (spec) await provider.prepare(spec, say);
    const room = await openHandRoom(seat, { run, provider, openToolbox, signal });
    try {
      return await work(room, signal);
    } finally {
      await room.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ProctorError('interrupted', 'stopped', { cause: error });
  } finally {
    stop();
    await provider.close();
  }
}
