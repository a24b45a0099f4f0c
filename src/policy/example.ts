import type { Policy, PolicyRule } from '../schema/policy.ts';
import { compilePolicy } from './compile.ts';
import type { PastCall, Told } from './judge.ts';

type Example = PolicyRule['should_match'][number];

/** An example that a rule does not agree with. */
export interface FailedExample {
  rule: string;
  example: Example;
  expected: 'match' | 'no match';
  got: string;
}

/** Judges the examples that rules carry; gives those that came out otherwise than the rule says. */
export function runExamples(policy: Policy, where?: string): FailedExample[] {
  return policy.rules.flatMap((rule) => {
    const judge = compilePolicy({ rules: [rule] }, where);
    const run = (example: Example) => {
      const { matched, failed } = judge.call(example.tool, example.arguments, past(example), told(example));
      return failed[0]?.reason ?? (matched.length > 0 ? 'match' : 'no match');
    };
    const check = (examples: Example[], expected: 'match' | 'no match') =>
      examples
        .map((example) => ({ rule: rule.id, example, expected, got: run(example) }))
        .filter(({ got }) => got !== expected);
    return [...check(rule.should_match, 'match'), ...check(rule.should_not_match, 'no match')];
  });
}

function told({ instruction, principal, said = [instruction] }: Example): Told {
  return { instruction, principal, said };
}

function past(example: Example): PastCall[] {
  return example.after.map(({ tool, arguments: args, ok, text }, step) => ({ tool, args, ok, text, step }));
}

/** A policy as trials record it: its examples prove the rules, and judge nothing. */
export function withoutExamples({ rules, ...rest }: Policy): Policy {
  return { ...rest, rules: rules.map((rule) => ({ ...rule, should_match: [], should_not_match: [] })) };
}
