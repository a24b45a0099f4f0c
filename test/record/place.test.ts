import { describe, expect, it } from 'vitest';
import { placeMatcher, placeOf, recordPlaceOf, touchedBy, touchedByAll } from '../../src/record/place.ts';
import type { Json } from '../../src/schema/json.ts';

const entry = (records: Json) => ({ type: 'file', mode: '644', size: 1, sha256: 'x', records });

const before = entry({
  orders: [
    { id: 17, state: 'open', note: '' },
    { id: 18, state: 'open', note: '' },
  ],
});
const after = entry({
  orders: [
    { id: 17, state: 'shipped', note: '' },
    { id: 19, state: 'new', note: '' },
  ],
});

const places = (change: Parameters<typeof touchedBy>[0], kind: 'files' | 'server') =>
  touchedBy(change, kind).map((one) => `${one.op} ${placeOf(one)}`);

describe('what a change touched', () => {
  it('is told field by field where a file has records', () => {
    expect(places({ path: '/srv/a.db', op: 'changed', before, after }, 'files')).toEqual([
      'changed /srv/a.db#orders/17/state',
      'deleted /srv/a.db#orders/18/id',
      'deleted /srv/a.db#orders/18/state',
      'deleted /srv/a.db#orders/18/note',
      'created /srv/a.db#orders/19/id',
      'created /srv/a.db#orders/19/state',
      'created /srv/a.db#orders/19/note',
    ]);
  });

  it('is all records of a file that is deleted', () => {
    const touched = touchedBy({ path: '/a', op: 'deleted', before }, 'files');
    expect(new Set(touched.map((one) => recordPlaceOf(one, 'files')))).toEqual(
      new Set(['/a#orders/17', '/a#orders/18']),
    );
  });

  it('is the file where it has no records or they could not be read', () => {
    const unread = { type: 'file', unread: 'broken' };
    expect(places({ path: '/a', op: 'changed', before, after: unread }, 'files')).toEqual(['changed /a']);
    expect(places({ path: '/b', op: 'created', after: { type: 'file' } }, 'files')).toEqual(['created /b']);
  });

  it('is every value of an object that a server created, elements of lists by their id', () => {
    const created = { text: 'hi', to: ['a'], lines: [{ id: 'L-1', sum: 2 }] };
    expect(places({ path: '/messages/M-1', op: 'created', after: created }, 'server')).toEqual([
      'created /messages/M-1/text',
      'created /messages/M-1/to/0',
      'created /messages/M-1/lines/L-1/id',
      'created /messages/M-1/lines/L-1/sum',
    ]);
  });

  it('is everything for a whole state', () => {
    const all = touchedByAll({ customers: { 'C-1': { phone: '0176 1' } } }, 'server');
    expect(all).toEqual([{ path: '/customers/C-1/phone', op: 'created', after: '0176 1' }]);
    expect(touchedByAll({ '/a.db': before }, 'files').map(placeOf)).toContain('/a.db#orders/18/state');
  });
});

describe('a place', () => {
  const record = { table: 'orders', key: '17', field: 'state' };
  it.each([
    ['/srv/a.db', true],
    ['/srv/**', true],
    ['/srv', true],
    ['/srv/a.db#orders', true],
    ['/srv/*.db#orders/17', true],
    ['/srv/a.db#orders/17/state', true],
    ['/srv/a.db#*/1*/st*', true],
    ['/srv/b.db#orders', false],
    ['/srv/a.db#order', false],
    ['/srv/a.db#orders/1', false],
    ['/srv/a.db#orders/17/note', false],
  ])('%s holds a field of a record: %s', (text, holds) =>
    expect(placeMatcher(text)({ path: '/srv/a.db', record })).toBe(holds),
  );

  it('of records does not hold a file whose records are not known', () =>
    expect(placeMatcher('/srv/a.db#orders')({ path: '/srv/a.db' })).toBe(false));

  it('of a folder holds the folder itself', () =>
    expect(placeMatcher('/srv/out/**')({ path: '/srv/out' })).toBe(true));
});
