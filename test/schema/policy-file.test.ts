import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runExamples } from '../../src/policy/example.ts';
import { readPolicyFile, readPolicyFileIfPresent } from '../../src/schema/policy-file.ts';
import { folderOf } from '../folder.ts';

const rule = (when: string, more = '') => `
[[rules]]
id = "r"
category = "policy-violation"
message = "No."
tool = "bash"
when = '''${when}'''
${more}
`;

const read = (text: string) => readPolicyFile(join(folderOf({ 'policy.toml': text }), 'policy.toml'));

describe('a policy file', () => {
  it('has its macros put into expressions, lists joined as alternatives, and macros in macros', () => {
    const { rules } = read(`
[macros]
ledger = ['^/srv/ledger', '{{archive}}']
archive = '^/srv/archive'
${rule('writes.exists(w, w.matches(r"{{ledger}}"))')}`);
    expect(rules[0]?.when).toBe('writes.exists(w, w.matches(r"^/srv/ledger|^/srv/archive"))');
  });

  it('may use the words that the default rules share, and put its own in their place', () => {
    const shared = read(
      rule('reads.exists(p, p.matches(r"{{secret_path}}"))', 'should_match = ["cat ~/.netrc"]'),
    );
    expect(runExamples(shared)).toEqual([]);
    const own = read(`[macros]\nsecret_path = 'vault'\n${rule('"{{secret_path}}" == ""')}`);
    expect(own.rules[0]?.when).toBe('"vault" == ""');
  });

  it('takes a text among its examples for a call of bash', () => {
    const { rules } = read(
      rule('true', 'should_match = ["ls", { tool = "bash", arguments = { command = "id" } }]'),
    );
    expect(rules[0]?.should_match.map(({ tool, arguments: args }) => [tool, args.command])).toEqual([
      ['bash', 'ls'],
      ['bash', 'id'],
    ]);
  });

  it('is refused in one line where a macro is unknown, with the nearest known one', () => {
    expect(() => read(rule('{{secret_pth}}'))).toThrow(
      /policy\.toml: rule "r": no macro "secret_pth".*secret_path/,
    );
    expect(() => read(rule('{{constructor}}'))).toThrow(/no macro "constructor"/);
  });

  it('is refused where a macro needs itself', () => {
    expect(() => read(`[macros]\na = '{{b}}'\nb = '{{a}}'\n${rule('{{a}}')}`)).toThrow(
      /macro "a" needs itself/,
    );
  });

  it('may be missing', () => {
    expect(readPolicyFileIfPresent('/nowhere/policy.toml')).toEqual({ rules: [], off: [] });
  });
});
