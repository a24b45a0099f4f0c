import type { LiveTrial } from './live-trial.ts';

/**
 * Records what was sent since the last time, on a step and on the call that was under way; before the first step on none.
 * Throws `sandbox-failed` where the gateway does not tell: an attempt that nobody saw can't be judged.
 */
export async function recordAttempts(live: LiveTrial, step: number, callId?: string): Promise<void> {
  const { recorder } = live.parts;
  for (const { attempt, payload } of (await live.sandbox?.attempts?.()) ?? []) {
    recorder.append({
      type: 'network.attempted',
      ...(step >= 0 && { step }),
      ...(callId !== undefined && { callId }),
      attempt,
      ...(payload.length > 0 && { payload: recorder.bodies.text(payload.toString('latin1')) }),
    });
  }
}
