import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const text = readFileSync('src/README.md', 'utf8');

/** The files that a stop of a walk names, its own first. */
const stopsOf = (name: string): string[][] => {
  const part = text.split(`<!-- walk: ${name} -->`)[1]?.split(`<!-- /walk: ${name} -->`)[0] ?? '';
  return part
    .split('\n')
    .filter((line) => /^\d+\. /.test(line))
    .map((line) => [...line.matchAll(/\]\(([^)]+\.ts)\)/g)].map(([, path]) => path ?? ''));
};

/** The files of src that a file imports. */
const importsOf = (file: string): string[] =>
  [...readFileSync(join('src', file), 'utf8').matchAll(/ from '(\.[^']+)'/g)].map(([, path]) =>
    normalize(join(file, '..', path ?? '')),
  );

const know = (one: string, other: string) => importsOf(one).includes(other) || importsOf(other).includes(one);

/** Whether two files are joined by an import, or by one that both know, or by way of a file that the stop names. */
function joined([one = '']: string[], [other = '', ...between]: string[], [, ...before]: string[]): boolean {
  if (know(one, other)) return true;
  return [...between, ...before].some((file) => know(one, file) && know(file, other));
}

describe.each(['down', 'up'])('the walk of one call, %s', (name) => {
  const stops = stopsOf(name);

  it('takes at most nine files, all of them there', () => {
    expect(stops.length).toBeGreaterThan(5);
    expect(stops.length).toBeLessThanOrEqual(9);
    expect(stops.flat().filter((file) => !existsSync(join('src', file)))).toEqual([]);
  });

  it('goes along imports', () => {
    const broken = stops.flatMap((stop, index) => {
      const next = stops[index + 1];
      return next === undefined || joined(stop, next, stop) ? [] : [`${stop[0]} → ${next[0]}`];
    });
    expect(broken).toEqual([]);
  });
});
