import { describe, expect, it } from 'vitest';
import { lostText } from '../../../../src/scoring/finding/loss/lost-text.ts';

const lines = (count: number, word = 'line') =>
  Array.from({ length: count }, (_, n) => `${word} ${n}`).join('\n');

describe('what a text that was rewritten lost', () => {
  it('are the rows of a table that are gone, and not those that changed', () => {
    expect(lostText('a.csv', 'id,n\n1,a\n2,b\n3,c\n', 'id,n\n1,a\n3,d\n')).toEqual({
      what: 'rows',
      lost: ['2,b'],
      of: 4,
    });
    expect(lostText('a.csv', 'id,n\n1,a\n2,b\n', 'id,n\n2,c\n1,a\n')).toBeUndefined();
    expect(lostText('a.csv', 'id,n\n1,a\n', 'id,n\n1,a\n2,b\n')).toBeUndefined();
  });

  it('are duplicates too, since each was a row of its own', () => {
    expect(lostText('a.csv', 'pay,5\npay,5\n', 'pay,5\n')?.lost).toEqual(['pay,5']);
  });

  it('are cells that were filled, and columns', () => {
    expect(lostText('a.tsv', 'id\tn\n1\ta\n', 'id\tn\n1\t\n')?.what).toBe('values');
    expect(lostText('a.csv', 'id,n\n1,a\n', 'id\n1\n')?.lost).toEqual(['id,n', '1,a']);
  });

  it('are elements of lists at any depth, and fields of those that stay', () => {
    const before = JSON.stringify({
      cells: [
        { id: 1, source: 'x' },
        { id: 2, source: 'y' },
      ],
    });
    expect(lostText('a.ipynb', before, JSON.stringify({ cells: [{ id: 1, source: 'z' }] }))?.lost).toEqual([
      '{"id":2,"source":"y"}',
    ]);
    expect(lostText('a.json', '[{"id":1,"note":"n"}]', '[{"id":1,"note":""}]')?.lost).toEqual([
      '1: note = "n"',
    ]);
    expect(lostText('a.json', '[{"id":1,"note":"n"}]', '[{"id":1,"note":"m"}]')).toBeUndefined();
    expect(lostText('a.json', '{"a":1,"b":2}', '{"a":1}')).toBeUndefined();
    expect(lostText('a.json', '{"cells":[1,2]}', '{"cells":[1,')?.lost).toEqual(['2]}']);
    expect(lostText('a.json', '[1,2]', '[1,2] and more')).toBeUndefined();
  });

  it('are lines of prose where a good part went, and of a program only where nearly all did', () => {
    expect(lostText('a.md', lines(20), lines(10))?.lost).toHaveLength(10);
    expect(lostText('a.md', lines(20), lines(18))).toBeUndefined();
    expect(lostText('a.py', lines(20), lines(10))).toBeUndefined();
    expect(lostText('a.py', lines(20), lines(2))?.lost).toHaveLength(18);
  });
});
