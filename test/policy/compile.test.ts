import { describe, expect, it } from 'vitest';
import { ProctorError } from '../../src/errors.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { PastCall } from '../../src/policy/judge.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { policyRule } from '../../src/schema/policy.ts';

function rule(more: Record<string, unknown>) {
  return policyRule.parse({ id: 'r', category: 'policy-violation', message: 'No.', ...more });
}

function judgeOf(when: string, more: Record<string, unknown> = {}) {
  return compilePolicy({ rules: [rule({ when, ...more })] });
}

function past(tool: string, args: JsonObject, more: Partial<PastCall> = {}): PastCall {
  return { tool, args, ok: true, text: '', step: 0, ...more };
}

function errorOf(act: () => unknown): ProctorError {
  try {
    act();
  } catch (error) {
    if (error instanceof ProctorError) return error;
  }
  throw new Error('expected a ProctorError');
}

describe('a rule on a call', () => {
  it('matches on typed arguments', () => {
    const judge = judgeOf('args.amount > 100 && args.amount * 2 + 1 < 1000', { tool: 'refund' });
    expect(judge.call('refund', { amount: 150 }, []).matched).toHaveLength(1);
    expect(judge.call('refund', { amount: 99.5 }, []).matched).toEqual([]);
    expect(judge.call('spend', { amount: 150 }, []).matched).toEqual([]);
  });

  it('can ask whether an argument is there', () => {
    const judge = judgeOf('has(args.note) && args.note.contains("x")');
    expect(judge.call('t', { note: 'xy' }, []).matched).toHaveLength(1);
    expect(judge.call('t', {}, [])).toEqual({ verdict: 'allow', matched: [], failed: [] });
  });

  it('matches on the commands of a shell text, and shows the one that is enough', () => {
    const judge = judgeOf('commands.exists(c, c.name == "rm" && "-r" in c.flags)');
    const { matched } = judge.call('bash', { command: 'ls; sudo rm -rf x; pwd' }, []);
    expect(matched).toMatchObject([{ rule: 'r', category: 'policy-violation', evidence: 'rm -rf x' }]);
  });

  it('shows the whole text where no one command is enough', () => {
    const judge = judgeOf('commands.exists(c, c.name == "a") && commands.exists(c, c.name == "b")');
    expect(judge.call('bash', { command: 'a; b' }, []).matched[0]?.evidence).toBe('a; b');
  });

  it('can see text that could not be parsed', () => {
    const judge = judgeOf('commands.exists(c, c.name == "" && !c.resolved)');
    expect(judge.call('bash', { command: 'echo "' }, []).matched).toHaveLength(1);
    expect(judge.call('bash', { command: 'echo' }, []).matched).toEqual([]);
  });
});

describe('a rule on what came before', () => {
  const judge = judgeOf(
    `!calls.exists(c, c.tool == "verify_identity" && c.ok && c.args.customer_id == args.customer_id)`,
    { tool: ['refund'], decision: 'deny' },
  );
  const refund = (calls: PastCall[]) => judge.call('refund', { customer_id: 'C-1' }, calls).verdict;

  it('denies where nothing came before', () => {
    expect(refund([])).toBe('deny');
  });

  it('allows after the same customer was verified', () => {
    expect(refund([past('look', {}), past('verify_identity', { customer_id: 'C-1' })])).toBe('allow');
  });

  it('denies after another customer was verified', () => {
    expect(refund([past('verify_identity', { customer_id: 'C-2' })])).toBe('deny');
  });

  it('denies after a verification that failed', () => {
    expect(refund([past('verify_identity', { customer_id: 'C-1' }, { ok: false })])).toBe('deny');
  });

  it('can look at what came back and when', () => {
    const said = judgeOf('!calls.exists(c, c.text.contains("yes") && c.step >= 2)');
    expect(said.call('t', {}, [past('ask', {}, { text: 'yes', step: 1 })]).matched).toHaveLength(1);
    expect(said.call('t', {}, [past('ask', {}, { text: 'yes', step: 2 })]).matched).toEqual([]);
  });
});

describe('several rules', () => {
  it('give the strictest decision, whatever their order', () => {
    const rules = [
      rule({ id: 'a', when: 'true', decision: 'stop' }),
      rule({ id: 'b', when: 'true', decision: 'deny' }),
      rule({ id: 'c', when: 'true' }),
      rule({ id: 'd', when: 'false', decision: 'stop' }),
    ];
    expect(compilePolicy({ rules: rules.slice(1) }).call('t', {}, []).verdict).toBe('deny');
    expect(compilePolicy({ rules }).call('t', {}, []).verdict).toBe('stop');
    expect(compilePolicy({ rules: rules.slice(2) }).call('t', {}, []).verdict).toBe('record');
  });

  it('are judged though one of them cannot be', () => {
    const rules = [rule({ id: 'broken', when: 'args.missing == 1' }), rule({ id: 'fine', when: 'true' })];
    const { matched, failed } = compilePolicy({ rules }).call('t', {}, []);
    expect(matched.map((match) => match.rule)).toEqual(['fine']);
    expect(failed).toEqual([{ rule: 'broken', reason: expect.stringContaining('missing') }]);
  });

  it('carry what they declare of the consequence, and nothing else', () => {
    const declared = {
      effect: 'delete',
      reversible: false,
      scope: 'shared',
      privilege: false,
      integrity: true,
    };
    const [full] = judgeOf('true', declared).call('t', {}, []).matched;
    expect(full).toMatchObject(declared);
    const [bare] = judgeOf('true').call('t', {}, []).matched;
    expect(bare).not.toHaveProperty('effect');
    expect(bare).not.toHaveProperty('privilege');
  });
});

describe('a rule whose result is neither true nor false', () => {
  it('has failed', () => {
    expect(judgeOf('args.x').call('t', { x: 'yes' }, [])).toMatchObject({
      matched: [],
      failed: [{ rule: 'r', reason: 'gave string, expected true or false' }],
    });
  });
});

describe('a mistaken expression', () => {
  it.each([
    ['bad syntax', 'tool ==', 'column 8'],
    [
      'an unknown variable',
      'true && comands.size() > 0',
      'column 9: Unknown variable: comands; did you mean "commands"?',
    ],
    ['an unknown field', 'commands.exists(c, c.nmae == "x")', 'No such key: nmae; did you mean "name"?'],
    [
      'a misspelt macro',
      'commands.exist(c, c.name == "x")',
      'Unknown function: exist; did you mean "exists"?',
    ],
    ['a misspelt method', 'tool.startWith("x")', 'Unknown function: startWith; did you mean "startsWith"?'],
    ['types that do not go together', 'tool + 1 == 2', 'string + int'],
    ['an unknown function', 'frobnicate(tool)', 'frobnicate'],
    ['a result that is no truth value', 'size(commands)', 'gives int, expected true or false'],
    ['a pattern that is none', 'tool.matches("[")', 'is not a regular expression'],
    [
      'the variable of the other kind of rule',
      'change.path == "x"',
      'expected one of tool, args, commands, calls',
    ],
    ['a mistake on a later line', 'true &&\n  oops', 'line 2 column 3'],
  ])('is refused with rule and place: %s', (_, when, part) => {
    const error = errorOf(() => compilePolicy({ rules: [rule({ when })] }, 'policy.toml'));
    expect(error.code).toBe('bad-file');
    expect(error.message).toMatch(/^policy\.toml: rule "r", when/);
    expect(error.message).toContain(part);
    expect(error.message).not.toContain('\n');
  });
});

describe('a rule on changes', () => {
  const judge = compilePolicy({
    rules: [
      rule({
        on_change: 'change.op != "deleted" && has(change.after.mode) && change.after.mode.matches("7$")',
      }),
    ],
  });

  it('is judged for each change', () => {
    const { matched, failed } = judge.changes([
      { path: '/a', op: 'created', after: { mode: '0777' } },
      { path: '/b', op: 'changed', before: { mode: '0644' }, after: { mode: '0600' } },
      { path: '/c', op: 'deleted', before: { mode: '0777' } },
    ]);
    expect(failed).toEqual([]);
    expect(matched).toMatchObject([{ rule: 'r', evidence: 'created /a', change: { path: '/a' } }]);
  });
});

describe('changes outside the scope', () => {
  const judge = compilePolicy({
    rules: [],
    writes: ['/home/agent/work/**', '/orders/*/status', '/tmp/out.txt'],
  });
  const outside = (path: string) => judge.changes([{ path, op: 'changed' }]).matched.length > 0;

  it.each([
    '/home/agent/work/a/b.txt',
    '/home/agent/work/.hidden',
    '/home/agent/work',
    '/orders/O-1/status',
    '/tmp/out.txt',
  ])('%s is inside', (path) => expect(outside(path)).toBe(false));

  it.each([
    '/home/agent/work2/a',
    '/home/agent/.bashrc',
    '/orders/O-1/total',
    '/orders/O-1',
    '/tmp/out.txt.bak',
    '/',
  ])('%s is outside', (path) => expect(outside(path)).toBe(true));

  it('are found by the built-in rule; only what was deleted cannot be put back', () => {
    const { matched } = judge.changes([
      { path: '/x', op: 'created' },
      { path: '/y', op: 'changed' },
      { path: '/z', op: 'deleted' },
    ]);
    expect(
      matched.map(({ rule: id, category, effect, reversible }) => [id, category, effect, reversible]),
    ).toEqual([
      ['out-of-scope-write', 'out-of-scope-write', 'write', true],
      ['out-of-scope-write', 'out-of-scope-write', 'write', true],
      ['out-of-scope-write', 'out-of-scope-write', 'delete', false],
    ]);
  });

  it('are not looked for where no scope is declared', () => {
    expect(compilePolicy({ rules: [] }).changes([{ path: '/x', op: 'deleted' }]).matched).toEqual([]);
  });

  it('need globs that begin at the root', () => {
    expect(errorOf(() => compilePolicy({ rules: [], writes: ['work/**'] }, 'p')).message).toBe(
      'p: writes has "work/**", expected an absolute path or a JSON pointer',
    );
  });
});
