import type { Policy, PolicyAdditions } from '../schema/policy.ts';

/** A policy with rules of the same id replaced, others added, and those in `off` taken away. */
export function amendPolicy({ rules, ...rest }: Policy, changed: PolicyAdditions): Policy {
  const gone = new Set([...changed.off, ...changed.rules.map(({ id }) => id)]);
  return { ...rest, rules: [...rules.filter(({ id }) => !gone.has(id)), ...changed.rules] };
}
