import type { TaskSetup } from '../check/checked-trial.ts';
import { type InteractiveTrial, openInteractiveTrial } from '../check/interactive-trial.ts';
import { sandboxSpec } from '../environment/sandbox-spec.ts';
import { ProctorError } from '../errors.ts';
import type { OpenToolbox } from '../orchestrator/plan.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { onInterrupt } from './interrupt.ts';

interface InteractiveWork {
  run: string;
  /** What its sandbox is labelled with as its trial. */
  trial: string;
  provider: SandboxProvider;
  openToolbox: OpenToolbox;
  say(line: string): void;
}

/** Works interactively in a fresh trial and leaves nothing of it, nor of its provider. Throws what opening and `work` throw, and `interrupted`. */
export async function withInteractiveTrial<T>(
  setup: TaskSetup,
  { run, trial, provider, openToolbox, say }: InteractiveWork,
  work: (trial: InteractiveTrial, signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const { signal, stop } = onInterrupt(say);
  try {
    const spec = sandboxSpec(setup.task, setup.environment, { run, trial });
    if (spec) await provider.prepare(spec, say);
    const opened = await openInteractiveTrial(setup, { run, provider, openToolbox, signal });
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
    await provider.close();
  }
}
