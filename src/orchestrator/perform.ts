import type { AgentSession, JudgedCall, Performed } from '../agent/agent.ts';
import type { DecidedCall } from '../schema/decision.ts';
import { judgeCall, paced, recordCall, recordResult } from './call-record.ts';
import { clockOf, currentStep, type LiveTrial } from './live-trial.ts';
import { recordAttempts } from './network.ts';
import { recordStarted } from './started-program.ts';
import type { Acted } from './trial-machine.ts';

/**
 * Has an agent make the calls of its decision itself. All of them are judged before it gets to see any, and recorded as called before it
 * may begin; what it sends back with its next request is what they gave.
 */
export async function perform(
  live: LiveTrial,
  carryOut: NonNullable<AgentSession['perform']>,
  calls: readonly DecidedCall[],
  signal: AbortSignal,
): Promise<Acted> {
  const { recorder } = live.parts;
  const step = currentStep(live);
  const judged: (DecidedCall & JudgedCall)[] = [];
  for (const call of calls) {
    const refused = judgeCall(call, live);
    if (refused?.verdict === 'stop') return 'stopped-by-policy';
    judged.push({ ...call, ...(refused && { refused: refused.reason }) });
  }
  const allowed = judged.filter(({ refused }) => refused === undefined);
  await recordAttempts(live, step - 1);
  await recordStarted(live, step - 1);
  const [only, ...others] = allowed;
  if (only) await paced(only.callId, live, signal);
  for (const call of allowed) recordCall(call, live);
  const begun = performance.now();
  try {
    const done = await carryOut(judged, { signal, waiting: () => clockOf(live).stop() });
    recordPerformed(done, step, performance.now() - begun, live);
    recorder.sync();
    return done.ended?.exitCode === 0 ? 'submitted' : null;
  } finally {
    await recordAttempts(live, step, others.length === 0 ? only?.callId : undefined);
    await recordStarted(live, step);
  }
}

function recordPerformed({ results, ended }: Performed, step: number, durationMs: number, live: LiveTrial) {
  const { recorder } = live.parts;
  for (const { callId, ...result } of results)
    recordResult({ callId }, { ...result, source: 'agent', captureCut: false, durationMs }, live);
  if (!ended) return;
  const { exitCode, said } = ended;
  recorder.append({ type: 'program.ended', step, exitCode, said: recorder.bodies.text(said) });
}
