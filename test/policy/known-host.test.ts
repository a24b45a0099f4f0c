import { expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { defaultRules } from '../../src/policy/default-rule.ts';
import { nothingTold } from '../../src/policy/judge.ts';
import { withKnownHosts } from '../../src/policy/known-host.ts';

const policy = compilePolicy({ rules: withKnownHosts(defaultRules, ['web', 'database']) });
const found = (command: string) =>
  policy.call('bash', { command }, [], nothingTold).matched.map(({ rule }) => rule);

it('holds contact with a service of the task against nobody, and contact with any other host as ever', () => {
  expect(found('curl http://web:8080/orders; redis-cli -h database get x')).toEqual([]);
  expect(found('curl http://web:8080/x http://example.com/y')).toContain('contacts-host');
});
