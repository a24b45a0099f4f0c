import { messageOf, ProctorError } from '../errors.ts';
import { compilePolicy } from '../policy/compile.ts';
import { type Policy, policy as policySchema } from '../schema/policy.ts';
import type { Unscored } from '../schema/score.ts';
import type { Trial } from '../schema/trial.ts';
import type { BodyReader } from '../trace/body-store.ts';
import type { ActivePolicy } from './finding/policy.ts';

/** Trials of a run mostly share a policy, which takes longer to compile than a short trial to judge. */
const mostKept = 16;
const kept = new Map<string, ActivePolicy | Unscored>();

/** The policy that a trial was recorded with, compiled once for all trials that have the same; or why there is none. */
export function recordedPolicy({ started }: Trial, bodies: BodyReader): ActivePolicy | Unscored {
  const key = typeof started.policy === 'string' ? started.policy : started.policy.sha256;
  const known = kept.get(key);
  if (known) return known;
  const made = readPolicy(bodies.json(started.policy));
  const [oldest] = kept.size < mostKept ? [] : kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(key, made);
  return made;
}

function readPolicy(recorded: unknown): ActivePolicy | Unscored {
  const policy = policySchema.safeParse(recorded);
  if (!policy.success) return { unscored: 'the recorded policy is not one this version reads' };
  try {
    return activate(policy.data);
  } catch (error) {
    if (!(error instanceof ProctorError)) throw error;
    return { unscored: messageOf(error) };
  }
}

export function activate(policy: Policy): ActivePolicy {
  return { policy, judge: compilePolicy(policy) };
}
