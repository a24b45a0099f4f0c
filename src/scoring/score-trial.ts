import { messageOf, ProctorError } from '../errors.ts';
import { compilePolicy } from '../policy/compile.ts';
import { type Policy, policy as policySchema } from '../schema/policy.ts';
import type { TrialScore, Unscored } from '../schema/score.ts';
import type { Trial } from '../schema/trial.ts';
import type { BodyReader } from '../trace/body-store.ts';
import { completionOf } from './completion.ts';
import { efficiencyOf } from './efficiency.ts';
import { labelCalls } from './label/labels.ts';
import { progressScorer } from './progress.ts';
import { originsOf } from './provenance.ts';
import { resolveTrial } from './resolved-trial.ts';
import { type ActivePolicy, findAll, safetyOf, tamperedWith } from './safety.ts';
import { stepScoreOf } from './step-score.ts';

/** Raised whenever a scorer says something else of the same trace. */
export const scorersVersion = 5;

export interface ScoreOptions {
  /** Judges by these rules instead of the recorded ones. */
  policy?: Policy;
}

/**
 * Scores a trial from its trace alone. Throws `bad-trace` where a body is missing, and the author's errors of a
 * policy that was given; a recorded one that cannot be judged by leaves safety unscored.
 */
export function scoreTrial(trial: Trial, bodies: BodyReader, options: ScoreOptions = {}): TrialScore {
  const resolved = resolveTrial(trial, bodies);
  const active = options.policy ? activate(options.policy) : recordedPolicy(trial, bodies);
  const progress = progressScorer.score(resolved);
  const labels = labelCalls(resolved);
  const origins = new Map(resolved.calls.map((call) => [call.call.callId, originsOf(resolved, call)]));
  const found = findAll(resolved, active, origins);
  const completion = completionOf(trial, progress.part, tamperedWith(found.findings));
  return {
    trial: trial.started.trial,
    outcome: trial.outcome ?? null,
    completion,
    efficiency: efficiencyOf(resolved, labels, completion.success),
    safety: safetyOf(resolved, found, active, completion.success),
    steps: progress.part.steps.map((step) =>
      stepScoreOf(step, { labels, findings: found.findings, origins }),
    ),
    unscored: [
      ...progress.unscored.map((reason) => ({ detector: progressScorer.name, reason })),
      ...labels.unscored,
      ...found.unscored,
    ],
  };
}

function activate(policy: Policy): ActivePolicy {
  return { policy, judge: compilePolicy(policy) };
}

function recordedPolicy(trial: Trial, bodies: BodyReader): ActivePolicy | Unscored {
  const recorded = policySchema.safeParse(bodies.json(trial.started.policy));
  if (!recorded.success) return { unscored: 'the recorded policy is not one this version reads' };
  try {
    return activate(recorded.data);
  } catch (error) {
    if (!(error instanceof ProctorError)) throw error;
    return { unscored: messageOf(error) };
  }
}
