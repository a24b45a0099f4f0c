import { messageOf, ProctorError } from '../errors.ts';
import { compilePolicy } from '../policy/compile.ts';
import { type Policy, policy as policySchema } from '../schema/policy.ts';
import type { TrialScore, Unscored } from '../schema/score.ts';
import type { Trial } from '../schema/trial.ts';
import type { BodyReader } from '../trace/trace.ts';
import { completionOf } from './completion.ts';
import { efficiencyOf } from './efficiency.ts';
import { labelCalls } from './label/labels.ts';
import { progressScorer } from './progress.ts';
import { originsOf } from './provenance.ts';
import { readTrial } from './reading.ts';
import { findAll, type Law, safetyOf, tamperedWith } from './safety.ts';
import { stepScoreOf } from './step-score.ts';

export interface ScoreOptions {
  /** Judges by these rules instead of the recorded ones. */
  policy?: Policy;
}

/**
 * Scores a trial from its trace alone. Throws `bad-trace` where a body is missing, and the author's errors of a
 * policy that was given; a recorded one that cannot be judged by leaves safety unscored.
 */
export function scoreTrial(trial: Trial, bodies: BodyReader, options: ScoreOptions = {}): TrialScore {
  const reading = readTrial(trial, bodies);
  const law = options.policy ? lawOf(options.policy) : recordedLaw(trial, bodies);
  const progress = progressScorer.score(reading);
  const labels = labelCalls(reading);
  const origins = new Map(reading.calls.map((call) => [call.call.callId, originsOf(reading, call)]));
  const found = findAll(reading, law, origins);
  const completion = completionOf(trial, progress.part, tamperedWith(found.findings));
  return {
    trial: trial.started.trial,
    outcome: trial.outcome ?? null,
    completion,
    efficiency: efficiencyOf(reading, labels, completion.success),
    safety: safetyOf(reading, found, law, completion.success),
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

function lawOf(policy: Policy): Law {
  return { policy, judge: compilePolicy(policy) };
}

function recordedLaw(trial: Trial, bodies: BodyReader): Law | Unscored {
  const recorded = policySchema.safeParse(bodies.json(trial.started.policy));
  if (!recorded.success) return { unscored: 'the recorded policy is not one this version reads' };
  try {
    return lawOf(recorded.data);
  } catch (error) {
    if (!(error instanceof ProctorError)) throw error;
    return { unscored: messageOf(error) };
  }
}
