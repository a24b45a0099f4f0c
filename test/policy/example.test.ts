import { describe, expect, it } from 'vitest';
import { runExamples } from '../../src/policy/example.ts';
import { policyRule } from '../../src/schema/policy.ts';

const when = '!calls.exists(c, c.tool == "verify" && c.ok && c.args.id == args.id)';
const verified = { tool: 'verify', arguments: { id: 1 } };
const rule = (more: object) =>
  policyRule.parse({
    id: 'verify-first',
    category: 'policy-violation',
    message: '',
    tool: 'pay',
    when,
    ...more,
  });

describe('the examples of a rule', () => {
  it('say nothing where the rule agrees, with the calls that came before', () => {
    const agreeing = rule({
      should_match: [
        { tool: 'pay', arguments: { id: 1 } },
        { tool: 'pay', arguments: { id: 1 }, after: [{ ...verified, ok: false }] },
      ],
      should_not_match: [{ tool: 'pay', arguments: { id: 1 }, after: [verified] }],
    });
    expect(runExamples({ rules: [agreeing] })).toEqual([]);
  });

  it('name what came out otherwise', () => {
    const wrong = rule({
      should_match: [{ tool: 'pay', arguments: { id: 1 }, after: [verified] }],
      should_not_match: [{ tool: 'pay', arguments: { id: 1 } }],
    });
    expect(runExamples({ rules: [wrong] })).toMatchObject([
      { rule: 'verify-first', expected: 'match', got: 'no match' },
      { rule: 'verify-first', expected: 'no match', got: 'match' },
    ]);
  });

  it('say what the user told the agent', () => {
    const payee = rule({
      when: '!instruction.contains(args.to) && !said.exists(s, s.contains("pay whom you like")) && principal != "boss"',
      should_match: [{ tool: 'pay', arguments: { to: 'eve' }, instruction: 'Pay bob.' }],
      should_not_match: [
        { tool: 'pay', arguments: { to: 'bob' }, instruction: 'Pay bob.' },
        { tool: 'pay', arguments: { to: 'eve' }, said: ['Pay bob.', 'Or pay whom you like.'] },
        { tool: 'pay', arguments: { to: 'eve' }, principal: 'boss' },
      ],
    });
    expect(runExamples({ rules: [payee] })).toEqual([]);
  });

  it('fail where the rule cannot be judged, whatever was expected', () => {
    const blind = rule({ when: 'args.sum > 1', should_not_match: [{ tool: 'pay', arguments: {} }] });
    expect(runExamples({ rules: [blind] })).toMatchObject([
      { expected: 'no match', got: expect.stringContaining('sum') },
    ]);
  });
});
