import { expect, test } from 'vitest';
import { servers } from './servers.ts';
import { readRows } from './table.ts';

test('the guide tells of each published server what came of it, and at least thirty pass', () => {
  const rows = readRows();
  expect([...rows.keys()]).toEqual(servers.map(({ command }) => command));
  expect([...rows.values()].filter((row) => row.endsWith('| passes |')).length).toBeGreaterThanOrEqual(30);
});
