import { probe } from './probe.ts';
import type { Room } from './room.ts';
import { currentStep } from './room.ts';

const reminder = 'You called no tool. Go on with the task, or call submit when you are done.';

/** Asks the probes after a step and closes it. */
export async function observe(room: Room): Promise<void> {
  if (!room.unobserved) return;
  room.unobserved = false;
  const step = currentStep(room);
  await probe(room, step);
  const notice = room.plan.inherits?.notice?.(step) ?? (room.deciding.length === 0 ? reminder : undefined);
  const last = room.steps[step];
  if (last && notice) last.notice = notice;
  room.parts.recorder.append({ type: 'step.finished', step, ...(notice && { notice }) });
}
