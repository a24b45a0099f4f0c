import { expect, test } from 'vitest';
import { contamination } from '../../src/schema/contamination.ts';
import { temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';

test('contamination runs a task as published, as a fresh variant and in another form, and judges what was recorded again', async () => {
  const out = temporaryFolder();
  const flags = ['--agent', 'oracle', '--out', out, '--json'];
  const task = 'support-desk/double-charge';
  const ran = await proctor(['contamination', task, ...flags, '--instances', '1', '--sandbox', 'embedded']);
  const found = contamination.parse(JSON.parse(ran.stdout));
  expect(found.tasks).toEqual([
    {
      base: task,
      trials: { published: 1, variants: 1, forms: 1 },
      published: 1,
      variants: 1,
      gap: 0,
    },
  ]);
  expect(found.verdict).toEqual({ unscored: expect.stringContaining('descriptive only') });
  const again = await proctor(['contamination', 'last', ...flags]);
  expect(JSON.parse(again.stdout)).toEqual(found);
  const wrong = await proctor(['contamination', 'last', ...flags, '--attempts', '2']);
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--attempts: only with --instances'),
  });
});

test('contamination makes recorded calls again, on the published instance and on fresh ones, and says what they come to', async () => {
  const out = temporaryFolder();
  const flags = ['--agent', 'oracle', '--out', out, '--json'];
  const task = 'support-desk/double-charge';
  const ran = await proctor([
    'contamination',
    ...[task, ...flags, '--instances', '1', '--replay', '2', '--sandbox', 'embedded'],
  ]);
  const [all, none] = [{ trials: 1, mean: 1 }, { mean: 0 }];
  expect(contamination.parse(JSON.parse(ran.stdout)).recited).toMatchObject({
    onPublished: all,
    onFresh: { trials: 2, ...none },
    ofVariantsOnPublished: none,
    itself: { published: all, variants: all },
  });
  const unused = await proctor(['contamination', 'last', ...flags, '--concurrency', '2']);
  expect(unused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--concurrency: only with --instances or --replay'),
  });
});
