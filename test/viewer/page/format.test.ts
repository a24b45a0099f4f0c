import { expect, it } from 'vitest';
import { ago } from '../../../src/viewer/page/format.ts';

const start = '2026-01-05T09:00:00.000Z';
const minute = 60_000;

it.each([
  [10_000, 'just now'],
  [5 * minute, '5 min ago'],
  [150 * minute, '2 h ago'],
  [25 * 60 * minute, '1 day ago'],
  [72 * 60 * minute, '3 days ago'],
])('says of %i ms that it was %s', (ms, said) => {
  expect(ago(start, Date.parse(start) + ms)).toBe(said);
});
