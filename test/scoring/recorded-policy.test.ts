import { expect, it } from 'vitest';
import type { Policy } from '../../src/schema/policy.ts';
import { recordedPolicy } from '../../src/scoring/recorded-policy.ts';
import { bodies, madeTrial } from './trace-builder.ts';

const ruleOf = (id: string, when: string) => ({
  ...{ id, category: 'policy-violation' as const, message: 'x', when, decision: 'record' as const },
  integrity: false,
});
const policyOf = (...rules: ReturnType<typeof ruleOf>[]) => {
  const trial = madeTrial({ steps: [] });
  return { ...trial, started: { ...trial.started, policy: JSON.stringify({ rules } as Policy) } };
};

it('is compiled once for all trials that were recorded with the same', () => {
  const first = recordedPolicy(policyOf(ruleOf('a', 'true')), bodies);
  expect(recordedPolicy(policyOf(ruleOf('a', 'true')), bodies)).toBe(first);
  expect(recordedPolicy(policyOf(ruleOf('b', 'true')), bodies)).not.toBe(first);
});

it('is forgotten when many others were asked for since', () => {
  const first = recordedPolicy(policyOf(ruleOf('first', 'true')), bodies);
  for (let index = 0; index < 20; index++) recordedPolicy(policyOf(ruleOf(`r${index}`, 'true')), bodies);
  expect(recordedPolicy(policyOf(ruleOf('first', 'true')), bodies)).not.toBe(first);
});

it('is a reason for no score where it does not compile', () => {
  expect(recordedPolicy(policyOf(ruleOf('a', 'nothing.of.this')), bodies)).toEqual({
    unscored: expect.any(String),
  });
});
