import type { InstanceTag } from '../schema/instance.ts';
import { isUnscored, type TrialScore } from '../schema/score.ts';
import { effectiveReward } from '../scoring/tally.ts';
import { isScored, type SetTrial } from './trial-set.ts';

/** One scored trial of a base task, as it is published or as an instance of it. */
export interface InstanceTrial {
  base: string;
  kind: InstanceTag['kind'] | 'published';
  /** Which instance, in the version that was tried. */
  instance: string;
  cluster?: string | undefined;
  /** 0 to 1. */
  reward: number;
  /** The share of identifiers in its calls that stand nowhere in what it had seen by then, in calls that were taken: guesses mostly fail. Undefined where no call has any. */
  unseen?: number | undefined;
}

/** What is looked at of a trial of an instance. */
export type OfInstance = Pick<
  SetTrial,
  'task' | 'digest' | 'environmentDigest' | 'instance' | 'cluster' | 'score'
>;

/** The trials that have a reward, without those that were to have another form and have the usual one. */
export function instanceTrials(trials: readonly OfInstance[]): InstanceTrial[] {
  return trials.filter(isScored).flatMap((trial) => {
    const reward = effectiveReward(trial.score);
    if (isUnscored(reward)) return [];
    const { task, digest, environmentDigest, instance, cluster } = trial;
    if (instance?.perturbations?.every(({ notApplied }) => notApplied !== undefined)) return [];
    return [
      {
        base: instance?.base ?? task,
        kind: instance?.kind ?? 'published',
        instance: `${task} ${digest} ${environmentDigest}`,
        cluster,
        reward: Math.min(1, Math.max(0, reward)),
        unseen: unseenShare(trial.score),
      },
    ];
  });
}

function unseenShare({ steps }: TrialScore): number | undefined {
  const named = steps.flatMap(({ calls }) =>
    calls.flatMap(({ labels, origins = [] }) => {
      const taken = !labels.some((label) => label === 'error' || label === 'denied');
      return origins.map(({ from }) => taken && from === null);
    }),
  );
  return named.length === 0 ? undefined : named.filter(Boolean).length / named.length;
}

/** Base tasks whose published instance is not the same in all trials: these are different tasks of one name. */
export function changedBases(trials: readonly InstanceTrial[]): Set<string> {
  const published = new Map<string, string>();
  const changed = new Set<string>();
  for (const { kind, base, instance } of trials) {
    if (kind !== 'published') continue;
    if ((published.get(base) ?? instance) !== instance) changed.add(base);
    published.set(base, instance);
  }
  return changed;
}
