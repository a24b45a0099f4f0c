import { describe, expect, it } from 'vitest';
import { diffRecords } from '../../src/record/diff.ts';

describe('the difference of records', () => {
  it('tells which were created, changed and deleted, by their first field', () => {
    const before = [
      { id: 1, owner: 'ana' },
      { id: 2, owner: 'bo' },
      { id: 3, owner: 'cy' },
    ];
    const after = [
      { id: 3, owner: 'cy' },
      { id: 2, owner: 'ana' },
      { id: 4, owner: 'di' },
    ];
    expect(diffRecords({ orders: before }, { orders: after })).toEqual([
      { table: 'orders', before: { id: 1, owner: 'ana' } },
      { table: 'orders', before: { id: 2, owner: 'bo' }, after: { id: 2, owner: 'ana' } },
      { table: 'orders', after: { id: 4, owner: 'di' } },
    ]);
  });

  it('counts equal records, and takes a table that is gone as emptied', () => {
    const one = { name: 'x' };
    expect(diffRecords({ a: [one, one], b: [one] }, { a: [one] })).toEqual([
      { table: 'a', before: one },
      { table: 'b', before: one },
    ]);
    expect(diffRecords({ a: [one] }, { a: [one] })).toEqual([]);
    expect(diffRecords({}, { constructor: [one] })).toEqual([{ table: 'constructor', after: one }]);
  });
});
