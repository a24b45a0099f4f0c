import { expect, test } from 'vitest';
import { driftProblems } from '../../src/check/drift.ts';
import type { Covariate } from '../../src/schema/instance.ts';
import type { Task } from '../../src/task/task.ts';

const instance = (seed: string, steps: number, covariates: Record<string, Covariate> = {}) =>
  ({
    reference: Array.from({ length: steps }, () => ({ tool: 'bash', arguments: {} })),
    files: [],
    instance: { base: 'a', seed, kind: 'variant', baseDigest: '', covariates },
  }) as unknown as Task;

test('instances whose covariates are the published ones, or near each other, have not drifted', () => {
  const instances = [
    instance('a', 20, { rows: 100 }),
    instance('b', 22, { rows: 109 }),
    instance('c', 18, { rows: 91 }),
  ];
  expect(driftProblems({ steps: 20, calls: 20, files: 0, bytes: 0 }, instances)).toEqual([]);
});

test('a reference that is more than a tenth longer than the published one has drifted', () => {
  expect(driftProblems({ steps: 10, calls: 12 }, [instance('a', 10), instance('b', 12)])).toEqual([
    expect.stringMatching(/^@b: steps is 12, and the published task has 10: keep it within 10 %/),
    expect.stringMatching(/^@a: calls is 10, and the published task has 12/),
  ]);
});

test('a covariate of the generator is held to the median, as far as it says', () => {
  const loose = (value: number) => ({ rows: { value, within: 0.5 } });
  const some = [instance('a', 1, loose(60)), instance('b', 1, loose(100)), instance('c', 1, loose(160))];
  expect(driftProblems({}, some)).toEqual([
    expect.stringMatching(/^@c: rows is 160, and the median is 100: keep it within 50 %/),
  ]);
  expect(driftProblems({}, [...some.slice(0, 2), instance('d', 1)])).toContain(
    'covariate rows: 2 of 3 instances give it: let each do',
  );
});
