import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withGenerated } from './generated.ts';

const path = new URL('../../README.md', import.meta.url);

it('the README’s commands, fields and error codes are those of the code (UPDATE_README=1 writes them)', () => {
  const readme = readFileSync(path, 'utf8');
  const made = withGenerated(readme);
  if (process.env.UPDATE_README === '1') writeFileSync(path, made);
  expect(process.env.UPDATE_README === '1' ? made : readme).toBe(made);
});

it('the README names no npm script that package.json lacks', () => {
  const scripts = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).scripts;
  const named = [
    ...readFileSync(path, 'utf8').matchAll(
      /npm (?:run )?(start|test|[a-z]+(?=\b.*# script)|bench|lint|build)\b/g,
    ),
  ].map(([, name]) => name ?? '');
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
