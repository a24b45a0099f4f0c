import { clockOf, currentStep, type LiveTrial } from './live-trial.ts';
import { probe } from './probe.ts';
import { recordTroubles } from './service.ts';

const reminder = 'You called no tool. Go on with the task, or call submit when you are done.';

/**
 * Closes a step: its probes run while the next decision is awaited, and `barrier.observed` holds back the next call until they are
 * done. The next decision waits too after the last step, after one that repeats a record, which is compared as a whole, and after
 * one with a notice, which the agent reads from the record.
 */
export async function observe(live: LiveTrial, goesOn: boolean): Promise<void> {
  const { barrier } = live;
  const step = currentStep(live);
  const notice = noticeAfter(step, live);
  if (barrier.probed <= step) {
    barrier.probed = step + 1;
    barrier.observed = close(step, notice, live);
    barrier.observed.catch(() => undefined);
  }
  const repeats = step < (live.plan.inherits?.steps ?? 0);
  if (repeats || notice !== undefined || !goesOn) await clockOf(live).aside(barrier.observed);
}

/** What the agent is told in addition to the results of its calls. */
function noticeAfter(step: number, { plan, parts, session }: LiveTrial): string | undefined {
  const isIdle = !session?.perform && parts.recorder.trial.steps[step]?.decision.calls.length === 0;
  return plan.inherits?.notice?.(step) ?? (isIdle ? reminder : undefined);
}

async function close(step: number, notice: string | undefined, live: LiveTrial): Promise<void> {
  await probe(live, step);
  await recordTroubles(live, step);
  live.parts.recorder.append({ type: 'step.finished', step, ...(notice && { notice }) });
}
