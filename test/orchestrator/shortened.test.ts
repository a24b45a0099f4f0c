import { describe, expect, it } from 'vitest';
import { shortened } from '../../src/orchestrator/shortened.ts';
import { lostText } from '../../src/scoring/finding/loss/lost-text.ts';

const row = (at: number) => `K-${at},name ${at},${at * 3}`;
const rows = (count: number) => Array.from({ length: count }, (_, at) => row(at));

/** What is lost by the shortened pair. */
function lost(path: string, before: string, after: string) {
  const change = shortened(path, before, after);
  if ('unread' in change) return change.unread;
  expect(change.before.length + change.after.length).toBeLessThan(2_100_000);
  return lostText(path, change.before, change.after, change.lines)?.lost.length;
}

describe('two long texts without what both have', () => {
  const table = ['key,name,sum', ...rows(20_000)].join('\n');

  it.each([
    ['rows that are gone', 'a.csv', [...rows(19_990)], 10],
    ['rows in another order', 'a.csv', rows(20_000).reverse(), undefined],
    [
      'rows that were changed',
      'a.csv',
      rows(20_000).map((one, at) => (at < 50 ? `${one}0` : one)),
      undefined,
    ],
    ['rows that came', 'a.csv', rows(20_100), undefined],
    ['nearly all rows gone', 'a.csv', rows(5), 2000],
    ['lines of prose that are gone', 'a.txt', rows(9_000), 2000],
    ['few lines of prose that are gone', 'a.txt', rows(19_900), undefined],
  ] as const)('tell of %s', (_, path, after, count) => {
    const whole = path === 'a.csv' ? ['key,name,sum', ...after] : [...after];
    expect(lost(path, path === 'a.csv' ? table : rows(20_000).join('\n'), whole.join('\n'))).toBe(count);
  });

  it('tell of elements of JSON that are gone, by their first field', () => {
    const people = Array.from({ length: 5000 }, (_, at) => ({ name: `n${at}`, age: at, city: 'x' }));
    const text = (all: object[]) => JSON.stringify({ title: 't', people: all });
    expect(lost('a.json', text(people), text(people.slice(3)))).toBe(3);
    expect(lost('a.json', text(people), text(people.map((one) => ({ ...one, age: 1 }))))).toBeUndefined();
  });

  it('say where too much was changed to be told', () => {
    expect(
      lost(
        'a.csv',
        table,
        rows(10_000)
          .map((one) => `new ${one}`)
          .join('\n'),
      ),
    ).toMatch(/more than 2000/);
  });
});
