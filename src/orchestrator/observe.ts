import type { LiveTrial } from './live-trial.ts';
import { currentStep } from './live-trial.ts';
import { probe } from './probe.ts';

const reminder = 'You called no tool. Go on with the task, or call submit when you are done.';

/**
 * Begins to close a step: where the trial goes on, its probes answer while the next decision is awaited, and `live.observed` is the
 * barrier before the next call. A step that repeats a record is closed first, so that whoever compares the two has all of it.
 */
export async function observe(live: LiveTrial, goesOn: boolean): Promise<void> {
  if (live.unobserved) {
    live.unobserved = false;
    const step = currentStep(live);
    live.observed = close(step, tellNotice(step, live), live);
    live.observed.catch(() => undefined);
  }
  const repeats = currentStep(live) < (live.plan.inherits?.steps ?? 0);
  if (repeats || !goesOn) await live.observed;
}

/** What the agent is told beside what its calls gave. */
function tellNotice(step: number, live: LiveTrial): string | undefined {
  const notice = live.plan.inherits?.notice?.(step) ?? (live.deciding.length === 0 ? reminder : undefined);
  const last = live.steps[step];
  if (last && notice) last.notice = notice;
  return notice;
}

async function close(step: number, notice: string | undefined, live: LiveTrial): Promise<void> {
  await probe(live, step);
  live.parts.recorder.append({ type: 'step.finished', step, ...(notice && { notice }) });
}
