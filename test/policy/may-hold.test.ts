import { parse } from '@marcbachmann/cel-js';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../src/policy/expression.ts';
import { mayHold } from '../../src/policy/may-hold.ts';

const call = {
  tool: 'bash',
  args: { command: 'rm -rf Build' },
  commands: [{ name: 'rm', flags: ['-r', '-f'], operands: ['Build'], env: { CI: '1' } }],
  hosts: [],
};
const may = (source: string) => mayHold(parse(source).ast)(call);

describe('mayHold', () => {
  it.each([
    'tool == "grep"',
    'hosts.exists(h, h != "localhost")',
    'commands.exists(c, c.name in ["mv", "cp"])',
    'commands.exists(c, c.name == "rm" && "-i" in c.flags)',
    'commands.exists(c, c.operands.exists(o, o.matches("^/") || o.startsWith("~") || o.endsWith("/")))',
    'args.command.lowerAscii().matches("^RM")',
    'args.missing == 1 && tool == "grep"',
  ])('says no where an expression cannot hold: %s', (source) => {
    expect(may(source)).toBe(false);
  });

  it.each([
    'commands.exists(c, c.name == "rm" && "-r" in c.flags && c.operands.exists(o, c.name == "rm" && o == "Build"))',
    'commands.exists(c, c.flags.exists(c, c == "-f") && c.name == "rm")',
    'args.command.lowerAscii().endsWith("build")',
  ])('says yes where it holds: %s', (source) => {
    expect(may(source)).toBe(true);
  });

  it.each([
    '!(tool == "bash")',
    'commands.size() == 2',
    'tool == "grep" || size(args) > 7',
    'args.missing == "x"',
    'args.exists(key, key == "missing")',
    'commands.exists(c, "CI" in c.env)',
    'commands.exists(c, c.name in [args.command])',
    'commands.exists(c, c.missing.exists(m, m == "x"))',
  ])('leaves to the evaluation what it cannot tell: %s', (source) => {
    expect(may(source)).toBe(true);
  });

  it('leaves an expression its error', () => {
    const holds = compileExpression('args.missing == "x"', 'call', 'rule');
    expect(holds({ ...call, calls: [], reads: [] })).toMatchObject({
      reason: expect.stringContaining('missing'),
    });
  });
});
