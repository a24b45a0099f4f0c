import { describe, expect, it } from 'vitest';
import { madeUpIds } from '../../src/replay/made-up-id.ts';

/** Ids learned from one text of two executions; `used` is what the recorded agent wrote later, `known` what it wrote before. */
function learned(recorded: string, replayed: string, { used = '', known = '' } = {}) {
  const ids = madeUpIds();
  ids.learn(
    { recorded, replayed },
    { wasKnown: (word) => known.includes(word), isUsed: (word) => used.includes(word) },
  );
  return ids;
}

const [then, now] = ['0b6f3c52-7d5e-4a39-9d0c-1f2e3d4c5b6a', '9a1d77e0-03b1-4c77-8a52-aabbccddeeff'];

describe('ids that a server made up', () => {
  it('go by the other execution’s name in texts, keys and numbers', () => {
    const ids = learned(`{"id":"${then}","n":1795424461123}`, `{"id":"${now}","n":1795528922456}`, {
      used: '{"n":1795424461123}',
    });
    const recorded = { id: then, list: [`/tasks/${then}.json`], n: 1795424461123, [then]: true };
    expect(ids.inReplay(recorded)).toEqual({
      id: now,
      list: [`/tasks/${now}.json`],
      n: 1795528922456,
      [now]: true,
    });
    expect(ids.asRecorded(`done: ${now}`)).toBe(`done: ${then}`);
    expect(ids.asRecorded(`other: ${now}7`)).toBe(`other: ${now}7`);
  });

  it.each([
    ['a UUID', then, now, ''],
    ['a ULID', '01JDZ8M0Q5R6S7T8V9W0X1Y2Z3', '01JE2A3B4C5D6E7F8G9H0J1K2M', ''],
    ['a nanoid', 'V1StGXR8_Z5jdHi6B-myT', 'a9Kd83jfLQ0xZ-2mmP_4s', ''],
    ['a short one that is used later', 'task-k3j9x2', 'task-p09qz', 'task-k3j9x2'],
    [
      'an instant that is used later',
      '2026-11-23T09:01:02.123Z',
      '2026-11-24T14:02:03.456Z',
      '2026-11-23T09:01:02.123Z',
    ],
  ])('are known by what they look like: %s', (_, recorded, replayed, used) => {
    const ids = learned(`made ${recorded}, 1 of 3`, `made ${replayed}, 1 of 3`, { used });
    expect(ids.inReplay(recorded)).toBe(replayed);
  });

  it.each([
    ['a short word that is never used', 'task-k3j9x2', 'task-p09qz1', {}],
    ['a digest', 'a'.repeat(64), 'b'.repeat(64), {}],
    ['a name', 'alice', 'robert', { used: 'alice' }],
    ['a count', '1204', '1205', { used: '1204' }],
    ['what the agent chose itself', then, now, { known: then }],
  ])('are not taken for such: %s', (_, recorded, replayed, words) => {
    expect(learned(`see ${recorded}`, `see ${replayed}`, words).inReplay(recorded)).toBe(recorded);
  });

  it('stay what they were once they are known', () => {
    const ids = learned(`a ${then}`, `a ${now}`);
    const other = now.replace('9a1d', 'ffff');
    ids.learn(
      { recorded: `a ${then}`, replayed: `a ${other}` },
      { wasKnown: () => false, isUsed: () => true },
    );
    expect(ids.inReplay(then)).toBe(now);
    expect(ids.asRecorded(other)).toBe(other);
  });
});
