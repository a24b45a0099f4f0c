import { describe, expect, it } from 'vitest';
import type { Budget, Ground } from '../../src/comparison/design.ts';
import { groundOf } from '../../src/comparison/ground.ts';
import { planOf } from '../../src/comparison/plan.ts';
import { renderPlan } from '../../src/report/comparison/plan.ts';
import { plain } from '../../src/report/style.ts';
import { madeSet } from './made-set.ts';

const question = { difference: 0.1, power: 0.8, alpha: 0.05 };
const thirds = { between: 1 / 9, withinA: 1 / 6, withinB: 1 / 6 };
const budget: Budget = { attempts: [1, 2, 4, 10] };

const stated: Ground = { spread: thirds, designEffect: 1, costUsd: { a: 0.01, b: 0.03 } };

describe('a plan', () => {
  it('has a design for each number of attempts, and marks the one that costs least', () => {
    const { designs, cheapest } = planOf(question, stated, budget);
    expect(designs.map(({ tasks, attempts }) => [tasks, attempts])).toEqual([
      [349, 1],
      [219, 2],
      [153, 4],
      [114, 10],
    ]);
    expect(designs[1]).toMatchObject({
      trials: 876,
      costUsd: expect.closeTo(219 * 2 * 0.04, 12),
      method: 'paired-t',
    });
    expect(cheapest).toBe(0);
  });

  it('takes the exact test where trials pass or fail and each task is tried once', () => {
    const { designs } = planOf(question, { ...stated, discordant: 0.2 }, budget);
    expect(designs[0]).toMatchObject({ tasks: 168, method: 'mcnemar-exact' });
    expect(designs[1]?.method).toBe('paired-t');
  });

  it('chooses among what is within reach, and says why the rest is not', () => {
    const { designs, cheapest } = planOf(question, stated, { ...budget, maxTasks: 200, maxCostUsd: 40 });
    expect(designs.map(({ exceeds }) => exceeds)).toEqual(['tasks', 'tasks', undefined, 'cost']);
    expect(cheapest).toBe(2);
  });

  it('tells what the tasks that there are find, and what the money does', () => {
    const plan = planOf(question, stated, { attempts: [1, 4], maxTasks: 50, maxCostUsd: 4 });
    expect(plan.reach[1]).toEqual({ tasks: 50, attempts: 4, smallest: expect.closeTo(0.1747, 4) });
    expect(plan.affordable).toMatchObject({ tasks: 25, attempts: 4 });
    const open = planOf(question, stated, { attempts: [1, 4], maxCostUsd: 4 });
    expect(open.affordable).toMatchObject({ tasks: 100, attempts: 1 });
  });

  it('plans for no fewer tasks than a verdict takes', () => {
    expect(planOf({ ...question, difference: 0.9 }, stated, { attempts: [10] }).designs[0]?.tasks).toBe(10);
  });

  it('takes as many times the tasks where they share clusters', () => {
    const [shared] = planOf(question, { ...stated, designEffect: 2 }, budget).designs;
    expect(shared?.tasks).toBe(698);
  });
});

describe('what a plan rests on', () => {
  const outcomes = (name: string, of: (at: number) => number[]) =>
    madeSet(
      name,
      Array.from({ length: 12 }, (_, at) => ({
        task: `t${at}`,
        trials: of(at).map((reward) => ({ reward })),
      })),
    );
  const a = outcomes('a', (at) => [1, at % 2]);
  const b = outcomes('b', (at) => [1, at % 3 === 0 ? 0 : 1]);

  it('are the trials of two sets over the tasks of both', () => {
    const ground = groundOf([a, b], 0.5);
    expect(ground).toMatchObject({
      agents: ['a', 'b'],
      tasks: 12,
      attempts: { least: 2, most: 2 },
      spread: { withinA: 0.25, withinB: expect.closeTo(1 / 6, 12) },
      costUsd: { a: expect.closeTo(0.1, 12), b: expect.closeTo(0.1, 12) },
    });
    expect(ground.discordant).toBeGreaterThan(0);
    expect(ground).not.toHaveProperty('correlation');
  });

  it('are those of two agents in one set as well', () => {
    const both = { ...a, trials: [...a.trials, ...b.trials] };
    expect(groundOf([both], 0.5)).toEqual(groundOf([a, b], 0.5));
  });

  it('are those of one agent, beside another that is imagined', () => {
    const near = groundOf([a], 0.9).discordant ?? 0;
    expect(near).toBeLessThanOrEqual(groundOf([a], 0.1).discordant ?? 0);
    const once = outcomes('a', (at) => [at % 2]);
    expect(groundOf([once], 0.5)).toMatchObject({ discordant: 0.25, correlation: 0.5 });
    expect(groundOf([once], 0.5)).not.toHaveProperty('spread');
  });

  it('are what as many tasks may never show, where nothing came out differently', () => {
    const [one, other] = [outcomes('a', () => [1, 1]), outcomes('b', () => [1, 1])];
    const ground = groundOf([one, other], 0.5);
    expect(ground.unseen).toBeCloseTo(1 - 0.05 ** (1 / 12), 12);
    const plan = planOf(question, ground, budget);
    for (const { smallest } of plan.reach) expect(smallest).toBeGreaterThan(0.1);
    expect(renderPlan(plan, plain)).toContain(
      'no two trials of a task came out differently, but so many tasks may never show what is so of 22.1 % of all',
    );
    expect(groundOf([one], 0.5).unseen).toBe(ground.unseen);
    expect(groundOf([a, b], 0.5)).not.toHaveProperty('unseen');
  });

  it('cost what trials cost that were scored', () => {
    const failed = madeSet(
      'b',
      Array.from({ length: 12 }, (_, at) => ({
        task: `t${at}`,
        trials: [{ reward: 1 }, { error: true, costUsd: 0 }],
      })),
    );
    expect(groundOf([a, failed], 0.5).costUsd?.b).toBeCloseTo(0.1, 12);
  });

  it('are not pairs of passes and failures where trials are graded', () => {
    expect(groundOf([outcomes('a', (at) => [0.5, at / 12])], 0.5)).not.toHaveProperty('discordant');
  });

  it('is refused where a set has three agents, or one task', () => {
    const c = outcomes('c', () => [1, 0]);
    const all = { ...a, trials: [...a.trials, ...b.trials, ...c.trials] };
    expect(() => groundOf([all], 0.5)).toThrow(
      'a: expected the trials of one or two agents, got 3; name two, such as a:a a:b',
    );
    const single = madeSet('one', [{ task: 't', trials: [1, 0] }]);
    expect(() => groundOf([single], 0.5)).toThrow('one: expected at least two tasks that were scored, got 1');
  });

  it('is said under the table', () => {
    const text = renderPlan(planOf(question, groundOf([a, b], 0.5), budget), plain);
    expect(text).toMatch(/^To find a difference of 10\.0 points in completion between a and b, .*:\n\n/);
    expect(text).toMatch(/From 12 tasks × 2 of a and b: tasks' true differences vary by 0\.\d+ \(ω²\)/);
    expect(text).toContain('a trial costs $0.10 and $0.10.');
    expect(text).toContain('← cheapest');
    expect(text).toContain('what 12 tasks find');
  });
});
