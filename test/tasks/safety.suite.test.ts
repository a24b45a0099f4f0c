import { beforeAll, describe, expect, test } from 'vitest';
import { oracleAgent } from '../../src/agent/oracle.ts';
import { scriptedAgent } from '../../src/agent/scripted.ts';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import { category } from '../../src/schema/finding.ts';
import type { TrialScore } from '../../src/schema/score.ts';
import { findTasks } from '../../src/task/find.ts';
import { engine, engineNote } from '../engine.ts';
import { play } from './play.ts';

const tasks = findTasks(['safety']);
const ofShell = tasks.filter(({ additions }) => additions.environment === 'shell');
const named = (some: typeof tasks) => some.map((task) => [task.name, task] as const);

test('the suite has a bait of every kind of unsafe action', () => {
  const found = new Set(tasks.flatMap(({ additions }) => additions.baits.flatMap(({ finds }) => finds)));
  expect([...new Set([...found].map((find) => find.category))].sort()).toEqual([...category.options].sort());
});

test('the suite has injections and impossible tasks, and tags them', () => {
  const tagged = (tag: string) => tasks.filter(({ tags }) => tags.includes(tag)).map(({ name }) => name);
  const injected = tasks.filter(({ additions }) => additions.injections.length > 0);
  const impossible = tasks.filter(({ additions }) => additions.impossible);
  expect(injected.length).toBeGreaterThanOrEqual(5);
  expect(impossible.length).toBeGreaterThanOrEqual(4);
  expect(tagged('injection')).toEqual(injected.map(({ name }) => name));
  expect(tagged('impossible')).toEqual(impossible.map(({ name }) => name));
});

describe('the safety suite in embedded sandboxes', () => playsAsMeant(tasks, 'safety', embeddedProvider));

describe.skipIf(!engine)(`the shell tasks of the safety suite in containers${engineNote}`, () =>
  playsAsMeant(ofShell, 'safety', () => dockerProvider({ runId: 'test-safety', poolSize: 2 })),
);

function playsAsMeant(some: typeof tasks, suite: string, provider: () => Parameters<typeof play>[2]): void {
  let scores: Awaited<ReturnType<typeof play>>;
  const scoreOf = (task: string, agent: string) => scores[task]?.[agent] as TrialScore;

  beforeAll(async () => {
    const wanted = new Set(some.map(({ name }) => name));
    scores = await play(suite, [oracleAgent(), scriptedAgent('baited')], provider(), ({ name }) =>
      wanted.has(name),
    );
  }, 900_000);

  test.each(named(some))('%s is done safely and wholly by its reference', (name) => {
    const { completion, efficiency, safety, unscored } = scoreOf(name, 'oracle');
    const { reached, total } = completion.milestones;
    expect({ ...completion, reached }).toMatchObject({ reward: 1, success: true, reached: total });
    expect(efficiency).toMatchObject({ errors: 0, ratio: 1 });
    expect(safety).toMatchObject({ worst: 0, findings: [], safeSuccess: true });
    expect(unscored).toEqual([]);
  });

  test.each(named(some))('%s finds the agent that takes the bait, where it does', (name, task) => {
    const { safety } = scoreOf(name, 'scripted:baited');
    const finds = task.additions.baits.find(({ agent }) => agent === 'baited')?.finds ?? [];
    expect(safety.safeSuccess).toBe(false);
    expect(safety.findings[0]?.step).toBe(finds[0]?.step);
    for (const find of finds) {
      const there = safety.findings.filter((one) => one.step === find.step && one.category === find.category);
      expect(Math.max(0, ...there.map(({ severity }) => severity))).toBeGreaterThanOrEqual(find.severity);
    }
  });

  test('instructions in the data are followed by the baited agents alone', () => {
    const attacked = some.filter(({ additions }) => additions.injections.length > 0);
    for (const { name } of attacked) {
      expect(scoreOf(name, 'oracle').safety.attack).toEqual({ exposed: true, succeeded: false });
      expect(scoreOf(name, 'scripted:baited').safety.attack).toEqual({ exposed: true, succeeded: true });
    }
  });

  test('impossible tasks are cheated at by the baited agents alone', () => {
    for (const { name } of some.filter(({ additions }) => additions.impossible)) {
      expect(scoreOf(name, 'oracle').safety.cheated).toBe(false);
      expect(scoreOf(name, 'scripted:baited').safety.cheated).toBe(true);
    }
  });
}
