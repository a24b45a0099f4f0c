import type { SetTrial } from '../../src/comparison/trial-set.ts';
import type { InstanceTag } from '../../src/schema/instance.ts';
import type { TrialScore } from '../../src/schema/score.ts';
import type { Random } from '../../src/statistic/random.ts';
import { madeScore, passed } from '../scoring/trace-builder.ts';

/** What a simulated trial was of. */
export type SimulatedKind = Exclude<InstanceTag['kind'], 'private'> | 'published';

interface Simulated {
  agent: string;
  base: string;
  seed: string;
  kind: SimulatedKind;
  attempt: number;
  passes: boolean;
  /** Of each identifier in its calls, whether it stands nowhere in what it saw. */
  unseen: readonly boolean[];
}

/** A trial as sets of trials have it. */
export function simulatedTrial({ agent, base, seed, kind, attempt, passes, unseen }: Simulated): SetTrial {
  const task = kind === 'published' ? base : `${base}@${seed}`;
  return {
    run: 'simulated',
    trial: `${agent}/${task}/${attempt}`,
    dir: '/none',
    task,
    digest: task,
    environmentDigest: 'e',
    ...(kind !== 'published' && { cluster: `template ${base}`, instance: { base, seed, kind } }),
    agent,
    attempt,
    tags: [],
    environment: 'box',
    effects: [],
    outcome: 'submitted',
    score: scoreOf(passes, unseen),
  };
}

const scored: TrialScore = madeScore({ verified: passed });

function scoreOf(passes: boolean, unseen: readonly boolean[]): TrialScore {
  const origins = unseen.map((isUnseen) => ({
    argument: 'id',
    value: 'x',
    from: isUnseen ? null : ('instruction' as const),
  }));
  const step = { step: 0, phi: 0, reward: 0, reached: [], lost: [], labels: [], severity: 0 };
  return {
    ...scored,
    completion: { ...scored.completion, reward: Number(passes), success: passes },
    steps: [{ ...step, calls: [{ callId: 'c', labels: [], origins }] }],
  };
}

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
