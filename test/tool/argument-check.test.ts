import { expect, it } from 'vitest';
import { argumentCheck } from '../../src/tool/argument-check.ts';

const check = argumentCheck({
  type: 'object',
  properties: {
    command: { type: 'string' },
    seconds: { type: 'number' },
    note: { type: ['string', 'null'] },
    where: { type: 'object', properties: { 'a/b': { enum: ['x'] } } },
  },
  required: ['command'],
  additionalProperties: false,
});

it('leaves out null for what may be left out, and keeps it where it fits', () => {
  const args = { command: 'ls', seconds: null, note: null, where: { 'a/b': null } };
  expect(check(args)).toEqual({ faults: [], args: { command: 'ls', note: null, where: {} } });
});

it('names null where a value is needed', () => {
  const { faults } = check({ command: null, seconds: null });
  expect(faults).toContain('"command": expected string, got null');
});
