import { messageOf } from '../errors.ts';
import type { WatchedPrograms } from '../sandbox/sandbox.ts';
import type { Json } from '../schema/json.ts';
import { currentStep, type LiveTrial } from './live-trial.ts';
import { rethrowIfBroken } from './rethrow.ts';

/** Has the programs seen that an agent's own program starts; where that can't be, the first step says why. */
export async function watchPrograms(live: LiveTrial): Promise<void> {
  if (!live.plan.agent.inside) return;
  const { sandbox } = live;
  try {
    if (!sandbox?.watchPrograms) throw new Error('the sandbox does not tell which programs are started');
    await sandbox.watchPrograms();
  } catch (error) {
    live.unwatched = { reason: messageOf(error), isRecorded: false };
  }
}

/** Records what the agent's program has started since the last time, on a step; what it does before the first is part of that. */
export async function recordStarted(live: LiveTrial, step: number): Promise<void> {
  const { recorder } = live.parts;
  if (!live.plan.agent.inside || currentStep(live) < 0 || live.unwatched?.isRecorded) return;
  const begun = performance.now();
  const { programs = [], more = {}, lost = 0, error } = await started(live);
  const isNone = programs.length === 0 && Object.keys(more).length === 0;
  recorder.append({
    type: 'programs.started',
    step: Math.max(0, step),
    ...(!isNone && { programs: recorder.bodies.json({ programs, more } as unknown as Json) }),
    lost,
    ...(error !== undefined && { error }),
    durationMs: performance.now() - begun,
  });
  if (live.unwatched) live.unwatched.isRecorded = true;
}

async function started(live: LiveTrial): Promise<Partial<WatchedPrograms & { error: string }>> {
  if (live.unwatched) return { error: live.unwatched.reason };
  try {
    const answer = await live.sandbox?.startedPrograms?.();
    return answer ?? { error: 'the programs that were started were not watched' };
  } catch (error) {
    rethrowIfBroken(error);
    return { error: messageOf(error) };
  }
}
