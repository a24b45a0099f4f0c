import type { TraceEventOf } from '../schema/trace-event.ts';
import type { Phase } from '../task/task.ts';
import { furnish } from './furnish.ts';
import { type LiveTrial, phaseOf } from './live-trial.ts';
import { openSession, openTools } from './provision.ts';
import type { TrialContext } from './trial-machine.ts';

/** Outcomes of a phase after which the next one may begin. */
const phaseEnds = new Set(['submitted', 'gave-up', 'timed-out']);

/** Whether another phase follows: there is one, the agent can go on, and the reward is high enough. */
export function goesOn(
  live: LiveTrial,
  { outcome }: Pick<TrialContext, 'outcome'>,
  rewards: TraceEventOf<'verifier.returned'>['rewards'],
): boolean {
  const last = live.parts.recorder.trial.phase + 1 >= live.plan.task.phases.length;
  return !last && outcome !== undefined && phaseEnds.has(outcome) && meets(rewards ?? {}, phaseOf(live));
}

function meets(rewards: Record<string, number>, { minReward }: Phase): boolean {
  const values = Object.values(rewards);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return Object.entries(minReward).every(
    ([key, least]) => (rewards[key] ?? (key === 'reward' ? mean : 0)) >= least,
  );
}

/** Removes the tests of the phase before, and hands the agent the next instruction in the same sandbox. */
export async function beginNextPhase(live: LiveTrial, signal: AbortSignal): Promise<void> {
  const { sandbox, parts } = live;
  await live.toolbox?.close();
  const phase = parts.recorder.trial.phase + 1;
  delete live.clock;
  const { name, instruction } = phaseOf(live, phase);
  if (sandbox) {
    await sandbox.exec('rm -rf /tests /solution /logs/verifier', { as: 'harness' });
    const changed = (await sandbox.files.changed?.()) ?? [];
    live.baseline.changedBefore = new Set(changed.map(({ op, path }) => `${op} ${path}`));
    await sandbox.resume();
    await furnish(live, { phase, sandbox }, signal);
  }
  parts.recorder.append({
    type: 'phase.started',
    phase,
    ...(name !== undefined && { name }),
    instruction: parts.recorder.bodies.text(instruction),
  });
  await openTools(live, signal);
  await openSession(live);
}
