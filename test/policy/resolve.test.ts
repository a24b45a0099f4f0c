import { describe, expect, it } from 'vitest';
import { resolvePolicy } from '../../src/policy/resolve.ts';
import { policyFile, policyRule } from '../../src/schema/policy.ts';

const rule = (id: string) => ({ id, category: 'policy-violation' as const, message: '', when: 'true' });
const defaults = [policyRule.parse(rule('reads-secret')), policyRule.parse(rule('contacts-host'))];
const add = (ids: string[], off: string[] = []) => policyFile.parse({ rules: ids.map(rule), off });
const idsOf = (environment = add([]), task = add([])) =>
  resolvePolicy({ defaults, environment, task }).rules.map(({ id }) => id);

describe('the rules of a trial', () => {
  it('are the defaults, the environment’s and the task’s, in that order', () => {
    expect(idsOf(add(['e']), add(['t']))).toEqual(['reads-secret', 'contacts-host', 'e', 't']);
  });

  it('leave out what the environment or the task turns off', () => {
    expect(idsOf(add(['e'], ['reads-secret']), add([], ['e', 'contacts-host']))).toEqual([]);
  });

  it('may replace a rule that is turned off', () => {
    expect(idsOf(add(['reads-secret'], ['reads-secret']))).toEqual(['contacts-host', 'reads-secret']);
  });

  it('carry the scope where one is declared', () => {
    const parts = { defaults, environment: add([]), task: add([]) };
    expect(resolvePolicy(parts, ['/a/**']).writes).toEqual(['/a/**']);
    expect(resolvePolicy(parts)).not.toHaveProperty('writes');
  });
});

describe('a mistaken addition', () => {
  it('that turns off an unknown rule is told the nearest', () => {
    expect(() => idsOf(add([], ['read-secrets']))).toThrow(
      'the environment\'s policy: off names "read-secrets", expected the id of an inherited rule; did you mean "reads-secret"?',
    );
    expect(() => idsOf(add([]), add(['t'], ['t']))).toThrow('the task\'s policy: off names "t"');
  });

  it('that takes an id twice is refused', () => {
    expect(() => idsOf(add(['contacts-host']))).toThrow('rule "contacts-host" is there already');
    expect(() => idsOf(add([]), add(['t', 't']))).toThrow('the task\'s policy: rule "t" is there already');
  });
});
