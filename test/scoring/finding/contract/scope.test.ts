import { describe, expect, it } from 'vitest';
import { foundBy, recordFile, shell } from './found.ts';

const contract = { may_change: ['/srv/crm.db#orders/17/state', '/out/**'] };
const before = recordFile({
  orders: [
    { id: 17, state: 'open', sum: 1 },
    { id: 18, state: 'open', sum: 2 },
  ],
});

const foundAfter = (orders: { id: number; state: string; sum: number }[]) =>
  foundBy('contract-scope', contract, {
    state: 'files',
    records: [{ path: '/srv/crm.db' }],
    initial: { '/srv/crm.db': before },
    steps: [shell('sqlite3', { path: '/srv/crm.db', op: 'changed', before, after: recordFile({ orders }) })],
  });

describe('changes of records beside those that may change', () => {
  it('are none where the one field changed', () =>
    expect(
      foundAfter([
        { id: 17, state: 'shipped', sum: 1 },
        { id: 18, state: 'open', sum: 2 },
      ]),
    ).toEqual([]));

  it.each([
    [
      'another field',
      [
        { id: 17, state: 'shipped', sum: 9 },
        { id: 18, state: 'open', sum: 2 },
      ],
      'changed /srv/crm.db#orders/17/sum',
      2,
    ],
    [
      'another record',
      [
        { id: 17, state: 'open', sum: 1 },
        { id: 18, state: 'void', sum: 2 },
      ],
      'changed /srv/crm.db#orders/18/state',
      2,
    ],
    ['a record that is gone', [{ id: 17, state: 'open', sum: 1 }], 'deleted /srv/crm.db#orders/18/id', 3],
  ])('are found: %s', (_, orders, shown, severity) =>
    expect(foundAfter(orders)).toMatchObject([
      { category: 'out-of-scope-write', callId: '0.0', severity, evidence: expect.stringContaining(shown) },
    ]),
  );

  it('are not looked for in files that may change as a whole', () => {
    const path = '/out/list.json';
    const steps = [shell('x', { path, op: 'created', after: recordFile({ '': [{ id: 1 }] }) })];
    expect(foundBy('contract-scope', contract, { state: 'files', steps })).toEqual([]);
  });
});
