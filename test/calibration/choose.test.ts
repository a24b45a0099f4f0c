import { describe, expect, it } from 'vitest';
import { chooseAgain, rescored } from '../../src/calibration/again.ts';
import { nextChoice } from '../../src/calibration/choose.ts';
import { estimatesOf } from '../../src/calibration/estimate.ts';
import type { ChoiceEvent, ChoicePlan, PlannedTask } from '../../src/schema/choice.ts';

const at = '2026-01-01T00:00:00.000Z';

function plan(tasks: readonly PlannedTask[], more: Partial<ChoicePlan> = {}): ChoicePlan {
  return {
    type: 'planned',
    version: 1,
    at,
    mode: 'adaptive',
    bank: { path: 'bank.json', sha256: '', agents: 9, trials: 900 },
    prior: { mean: 0, sd: 1 },
    range: { low: -2, high: 2 },
    alike: 1,
    agents: ['a'],
    attempts: 1,
    tasks: [...tasks],
    seed: 1,
    ...more,
  };
}

const task = (name: string, difficulty: number, more: Partial<PlannedTask> = {}): PlannedTask => ({
  task: name,
  difficulty,
  error: 0,
  ...more,
});
const five = [-2, -1, 0, 1, 2].map((difficulty) => task(`t${difficulty}`, difficulty));

/** The run of a plan, each task ending before the next begins, with the outcome that `passes` gives. */
function played(of: ChoicePlan, passes: (task: string) => number, costUsd = 0): ChoiceEvent[] {
  const past: ChoiceEvent[] = [];
  for (;;) {
    const next = nextChoice(of, past);
    if (next === undefined || next === 'wait') return past;
    if (next.type === 'stopped') past.push({ ...next, at });
    else {
      const { agent, task: name } = next;
      past.push({ ...next, at, trials: [] });
      past.push({ type: 'ended', at, agent, task: name, passed: passes(name), n: 1, costUsd });
    }
  }
}
const chosenTask = (name: string): ChoiceEvent => ({
  type: 'chosen',
  at,
  agent: 'a',
  task: name,
  reason: 'made',
  pending: [],
  trials: [],
});
const chosenIn = (past: readonly ChoiceEvent[]) =>
  past.flatMap((event) => (event.type === 'chosen' ? [event.task] : []));
const stopsIn = (past: readonly ChoiceEvent[]) =>
  past.flatMap((event) => (event.type === 'stopped' ? [event.why] : []));

describe('the next task of an adaptive run', () => {
  it('is the one nearest to what is known of the ability, and harder after a pass', () => {
    const past = played(plan(five, { maxTasks: 3 }), () => 1);
    expect(chosenIn(past)).toEqual(['t0', 't1', 't2']);
    expect(stopsIn(past)).toEqual(['tasks']);
  });

  it('is one that tells less where that costs much less', () => {
    const dear = five.map((one) => ({ ...one, costUsd: one.task === 't0' ? 4 : 1 }));
    expect(nextChoice(plan(dear), [])).toMatchObject({ task: 't-1', expectedCostUsd: 1 });
  });

  it('is another one while the best is under way', () => {
    const of = plan(five);
    const first = nextChoice(of, []);
    if (first === undefined || first === 'wait' || first.type === 'stopped')
      throw new Error('nothing chosen');
    const second = nextChoice(of, [{ ...first, at, trials: [] }]);
    expect(second).toMatchObject({ task: 't-1', pending: ['t0'] });
  });

  it('is waited for where what is under way will do', () => {
    const of = plan(five, { se: 0.9 });
    const chosen = chosenTask('t0');
    expect(nextChoice(of, [chosen])).toBe('wait');
    const ended = { type: 'ended', at, agent: 'a', task: 't0', passed: 1, n: 1 } as const;
    expect(nextChoice(of, [chosen, ended])).toMatchObject({ type: 'stopped', why: 'precision' });
  });

  it('is never one that the bank does not know', () => {
    const past = played(plan([...five, { task: 'new', unknown: 'not in the bank' }]), () => 0);
    expect(chosenIn(past)).not.toContain('new');
    expect(stopsIn(past)).toEqual(['all']);
    expect(estimatesOf(plan([...five, { task: 'new', unknown: 'not in the bank' }]), past)).toMatchObject([
      { tasks: { suite: 6, known: 5, run: 5 }, unknown: [{ task: 'new' }], estimate: { over: 5 } },
    ]);
  });

  it('fits into what may be spent, by what the agent’s own tasks cost, and goes on with more', () => {
    const priced = five.map((one) => ({ ...one, costUsd: 1 }));
    const of = plan(priced, { maxCostUsd: 6 });
    const past = played(of, () => 1, 3);
    expect(chosenIn(past)).toHaveLength(2);
    expect(stopsIn(past)).toEqual(['cost']);
    expect(nextChoice(of, [...past, { type: 'raised', at, maxCostUsd: 60 }])).toMatchObject({
      type: 'chosen',
    });
  });

  it('goes to the agent with the fewest tasks', () => {
    const past = played(plan(five, { agents: ['a', 'b'], maxTasks: 2 }), () => 1);
    expect(past.flatMap((event) => (event.type === 'chosen' ? [event.agent] : []))).toEqual([
      'a',
      'b',
      'a',
      'b',
    ]);
  });

  it('is not chosen again after an infrastructure error', () => {
    const chosen = chosenTask('t0');
    const ended = {
      type: 'ended',
      at,
      agent: 'a',
      task: 't0',
      n: 0,
      unscored: 'no trial was scored',
    } as const;
    const next = nextChoice(plan(five), [chosen, ended]);
    expect(next).toMatchObject({ task: 't-1', ability: expect.closeTo(0), error: 1 });
  });
});

describe('choosing again from what was recorded', () => {
  const of = plan(five);
  const past = played(of, (name) => Number(Number(name.slice(1)) < 1));

  it('gives the same choices', () => {
    expect(chooseAgain(of, past)).toEqual({ choices: 6 });
  });

  it('names the first choice that another outcome changes', () => {
    const other = rescored(past, (_, name) => ({ passed: name === 't0' ? 0 : 1, n: 1 }));
    expect(chooseAgain(of, other).difference).toEqual({ at: 2, recorded: 't1 for a', again: 't-1 for a' });
  });
});

describe('a stratified run', () => {
  const twenty = Array.from({ length: 20 }, (_, place) => task(`t${place}`, place / 5));
  const of = (seed: number) => plan(twenty, { mode: 'stratified', maxTasks: 8, seed });

  it('draws as many of the easy half as of the hard one, others by another seed', () => {
    const easy = (names: readonly string[]) => names.filter((name) => Number(name.slice(1)) < 10);
    const [one, other] = [1, 2].map((seed) => chosenIn(played(of(seed), () => 1)));
    expect([easy(one ?? []), easy(other ?? [])].map((names) => names.length)).toEqual([4, 4]);
    expect(one).not.toEqual(other);
  });

  it('is as sure of the whole as what was left out allows, and sure where nothing was', () => {
    const passes = (name: string) => Number(Number(name.slice(1)) < 10);
    const half = estimatesOf(of(1), played(of(1), passes));
    expect(half).toMatchObject([{ estimate: { mean: 0.5, over: 20, method: 'stratified' } }]);
    const all = plan(twenty, { mode: 'stratified' });
    expect(estimatesOf(all, played(all, passes))).toMatchObject([
      { estimate: { mean: 0.5, interval: { low: 0.5, high: 0.5 } } },
    ]);
  });
});

describe('an estimate of the whole suite', () => {
  const many = Array.from({ length: 60 }, (_, place) => task(`t${place}`, (place % 20) / 5 - 2));

  it('says that it extrapolates where the agent is abler than all of the bank', () => {
    const of = plan(many, { maxTasks: 30, prior: { mean: 0, sd: 2 } });
    const [able, usual] = [() => 1, (name: string) => Number(Number(name.slice(1)) % 2)].map((passes) =>
      estimatesOf(of, played(of, passes)),
    );
    expect(able?.[0]?.extrapolates).toContain('lies above 9 agents of the bank');
    expect(usual?.[0]?.extrapolates).toBeUndefined();
  });

  it('is what was seen where every task was run', () => {
    const of = plan(five);
    const [said] = estimatesOf(
      of,
      played(of, (name) => Number(name === 't-2')),
    );
    expect(said?.estimate).toMatchObject({
      mean: expect.closeTo(0.2, 10),
      interval: { low: expect.closeTo(0.2, 5) },
    });
  });
});
