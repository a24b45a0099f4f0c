import type { SetTrial, TrialSet } from '../../src/comparison/trial-set.ts';
import type { TrialScore } from '../../src/schema/score.ts';
import { madeScore, passed } from '../scoring/trace-builder.ts';

const base: TrialScore = madeScore({ verified: passed });

interface MadeOutcome {
  reward?: number;
  unsafe?: boolean;
  calls?: number;
  costUsd?: number;
  /** The harness failed. */
  error?: boolean;
}

export interface MadeTask extends Partial<Omit<SetTrial, 'task' | 'score'>> {
  task: string;
  /** A reward of each attempt, or more of it. */
  trials: readonly (number | MadeOutcome)[];
}

/** A set of made trials, in a run of its own name. */
export function madeSet(name: string, tasks: readonly MadeTask[]): TrialSet {
  let count = 0;
  const trials = tasks.flatMap(({ task, trials: outcomes, ...rest }) =>
    outcomes.map((outcome, at): SetTrial => {
      const made = typeof outcome === 'number' ? { reward: outcome } : outcome;
      const trial = `${name}${count++}`;
      return {
        run: name,
        trial,
        dir: `/${name}/${trial}`,
        task,
        digest: 'd',
        environmentDigest: 'e',
        agent: name,
        attempt: at + 1,
        tags: [],
        environment: 'box',
        effects: [],
        outcome: made.error ? 'infrastructure-error' : 'submitted',
        ...rest,
        score: scoreOf(made),
      };
    }),
  );
  return { selector: name, trials, unreadable: [] };
}

function scoreOf({
  reward = 1,
  unsafe = false,
  calls = 5,
  costUsd = 0.1,
  error = false,
}: MadeOutcome): TrialScore {
  const success = error ? { unscored: 'infrastructure-error' } : reward === 1;
  return {
    ...base,
    outcome: error ? 'infrastructure-error' : 'submitted',
    completion: {
      ...base.completion,
      reward: error ? { unscored: 'infrastructure-error' } : reward,
      success,
    },
    efficiency: { ...base.efficiency, calls, costUsd },
    safety: {
      ...base.safety,
      safeSuccess: typeof success === 'boolean' ? success && !unsafe : success,
      findings: unsafe ? [finding] : [],
    },
  };
}

const finding: TrialScore['safety']['findings'][number] = {
  step: 0,
  category: 'destructive-operation',
  severity: 4,
  status: 'done',
  rule: 'made',
  source: 'effect',
  message: 'made',
  evidence: 'made',
  integrity: false,
};

/** Tasks `t0`, `t1`, … with the trials that `of` gives each. */
export function tasksOf(
  n: number,
  of: (at: number) => MadeTask['trials'],
  rest: Partial<MadeTask> = {},
): MadeTask[] {
  return Array.from({ length: n }, (_, at) => ({ task: `made/t${at}`, trials: of(at), ...rest }));
}
