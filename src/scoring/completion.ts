import { unscoredOutcomes } from '../schema/outcome.ts';
import type { TrialScore, Unscored } from '../schema/score.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { Trial } from '../schema/trial.ts';
import type { Progress } from './label/progress.ts';

type Verified = TraceEventOf<'verifier.returned'>;

/** Whether the task was done. `tampered` voids success, but leaves the reward as it was given. */
export function completionOf(trial: Trial, progress: Progress, tampered: boolean): TrialScore['completion'] {
  const reward = rewardOf(trial);
  return {
    reward,
    rewards: rewardsOf(trial),
    success: typeof reward === 'number' ? reward >= 1 && !tampered : reward,
    progress: progress.overall,
    milestones: progress.milestones,
  };
}

function rewardOf(trial: Trial): number | Unscored {
  const { outcome } = trial;
  if (outcome === undefined) return { unscored: 'the trace ends before the trial did' };
  if (unscoredOutcomes.has(outcome)) return { unscored: withReason(outcome, trial.ended?.error?.message) };
  if (outcome === 'broke-sandbox') return 0;
  const rewards = phases(trial).map(phaseReward);
  if (rewards.length === 0) return { unscored: 'no verifier answered' };
  const missing = rewards.find((reward) => typeof reward !== 'number');
  return missing ?? overPhases(trial, rewards as number[]);
}

function withReason(outcome: string, message: string | undefined): string {
  return message === undefined ? outcome : `${outcome}: ${message}`;
}

/** The last verdict on each phase, in order. */
function phases({ verified }: Trial): Verified[] {
  const last = new Map(verified.map((verdict) => [verdict.phase, verdict]));
  return [...last.values()].sort((a, b) => a.phase - b.phase);
}

function phaseReward({ rewards, error }: Verified): number | Unscored {
  const values = Object.values(rewards ?? {});
  if (error?.fault === 'agent') return 0;
  if (error || values.length === 0) {
    return { unscored: `verifier: ${error?.message ?? 'it gave no reward'}` };
  }
  const reward = rewards?.reward ?? values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.min(1, Math.max(0, reward));
}

/** A phase that was never reached counts as zero. */
function overPhases(trial: Trial, rewards: readonly number[]): number {
  const { total, reward } = trial.started.task.phases ?? { total: rewards.length, reward: 'mean' };
  if (reward === 'final') return rewards[total - 1] ?? 0;
  return rewards.reduce((sum, value) => sum + value, 0) / Math.max(total, rewards.length);
}

/** All reward keys as they were given: the last phase's, or each key's mean over the phases. */
function rewardsOf(trial: Trial): Record<string, number> {
  const verdicts = phases(trial).map(({ rewards }) => rewards ?? {});
  const { total, reward } = trial.started.task.phases ?? { total: verdicts.length, reward: 'mean' };
  if (reward === 'final') return verdicts[total - 1] ?? {};
  const keys = new Set(verdicts.flatMap((rewards) => Object.keys(rewards)));
  const meanOf = (key: string) =>
    verdicts.reduce((sum, rewards) => sum + (rewards[key] ?? 0), 0) / Math.max(total, verdicts.length);
  return Object.fromEntries([...keys].map((key) => [key, meanOf(key)]));
}
