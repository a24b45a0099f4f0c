import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const importPattern = /\bfrom '([^']+)'|\bimport\(?\s*'([^']+)'/g;

test('the modules of shipped environments import proctor, zod and each other only, so that they work as a package', () => {
  const files = readdirSync('environments', { recursive: true, encoding: 'utf8' });
  const modules = files.filter((file) => /\.(ts|js)$/.test(file)).map((file) => join('environments', file));
  expect(modules.length).toBeGreaterThan(5);
  const imported = modules.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(importPattern)].map(([, from, bare]) => from ?? bare ?? ''),
  );
  expect(imported.filter((name) => !/^(proctor|zod|\.\/[\w-]+\.ts)$/.test(name))).toEqual([]);
});
