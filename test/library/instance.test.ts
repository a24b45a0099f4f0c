import { expect, test } from 'vitest';
import { ProctorError } from '../../src/errors.ts';
import { derivedSeed, freshSeed, instancesOf } from '../../src/library/instance.ts';
import { Mistakes } from '../../src/library/mistake.ts';
import { findTasks } from '../../src/task/find.ts';

const [generated, other] = findTasks(['support-desk/double-charge', 'shell/cron-audit']);
if (!generated || !other) throw new Error('the tasks are there');

const made = async (runSeed: string, mistakes = new Mistakes(), tasks = [generated, other]) =>
  instancesOf(
    tasks,
    { instances: 2, instanceSeed: [], imageMap: {} },
    { seedOf: derivedSeed(runSeed), mistakes, say: () => {} },
  );

test('the seeds of instances follow from the run’s, or are fresh', async () => {
  const names = async (seed: string) => (await made(seed)).map(({ name }) => name);
  expect(await names('1')).toEqual(await names('1'));
  expect(new Set([...(await names('1')), ...(await names('2'))]).size).toBe(4);
  expect(freshSeed()).not.toBe(freshSeed());
  expect(freshSeed()).toMatch(/^[a-z0-9]{6,8}$/);
});

test('a task that has no generator is left out, and where nothing else is asked for a mistake', async () => {
  const mistakes = new Mistakes();
  await made('1', mistakes);
  expect(mistakes.skipped).toEqual([
    { task: other.name, reason: expect.stringContaining('has no generate.ts') },
  ]);
  expect(() => mistakes.requireNone()).not.toThrow();
  expect(() => mistakes.requireSome([], () => {})).toThrow(ProctorError);
});

test('seeds that are named and a number of them exclude each other', async () => {
  const flags = { instances: 2, instanceSeed: ['a'], imageMap: {} };
  await expect(
    instancesOf([generated], flags, { seedOf: freshSeed, mistakes: new Mistakes(), say: () => {} }),
  ).rejects.toThrow('give one of --instances and --instance-seed');
});

test('a change of form alone keeps the published content, needs no generator, and says what was not applied', async () => {
  const said: string[] = [];
  const parts = {
    seedOf: derivedSeed('1'),
    mistakes: new Mistakes(),
    say: (line: string) => void said.push(line),
  };
  const flags = { instanceSeed: [], imageMap: {}, perturb: 'wording:3,dates' };
  const made = await instancesOf([other], flags, parts);
  expect(made.map(({ name }) => name)).toEqual([
    expect.stringMatching(/^shell\/cron-audit@\w+\+wording3\+dates1$/),
  ]);
  expect(said).toEqual([expect.stringMatching(/dates is not applied: perturb\.dates names no file/)]);
  await expect(instancesOf([other], { ...flags, perturb: 'wordng:2' }, parts)).rejects.toThrow(
    '--perturb wordng:2: expected wording, keys, dates, layout, distractors, order, descriptions, with a strength from 1 to 3 as in wording:2; did you mean "wording"?',
  );
  await expect(instancesOf([other], { ...flags, perturb: 'wording:4' }, parts)).rejects.toThrow(
    'a strength from 1 to 3',
  );
});
