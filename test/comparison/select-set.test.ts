import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareSets } from '../../src/comparison/compare-sets.ts';
import { selectSets } from '../../src/comparison/select-set.ts';
import type { TrialFilter } from '../../src/comparison/trial-set.ts';
import { writeScore } from '../../src/score-file.ts';
import { beginTrial, writeMadeRun } from '../viewer/made-run.ts';

const noFilter: TrialFilter = { task: [], tag: [], agent: [] };

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A folder with the runs `20260101-first` and `20260102-second`, each of two agents at two tasks. */
function madeRuns(agents = ['scripted:careful', 'openai:model']): string {
  const out = mkdtempSync(join(tmpdir(), 'proctor-sets-'));
  made.push(out);
  for (const name of ['20260101-first', '20260102-second']) {
    const dir = join(out, name);
    const heads = agents.flatMap((agent, who) =>
      ['suite/one', 'suite/two'].map((task, at) => {
        const trial = beginTrial(dir, `t${who}${at}`, {
          run: name,
          agent,
          task: { name: task, tags: [`tag-${at}`], cluster: 'template t' },
        });
        trial.step({ calls: [{ args: { command: 'ls' }, content: [] }] });
        return [`t${who}${at}`, trial.end({ reward: who })] as const;
      }),
    );
    writeMadeRun(dir, Object.fromEntries(heads), { name });
  }
  return out;
}

const out = madeRuns();
const select = (selectors: string[], filter: Partial<TrialFilter> = {}) =>
  selectSets(selectors, out, { ...noFilter, ...filter }).map(({ trials }) =>
    trials.map(({ run, agent, task }) => `${run.slice(9)} ${agent} ${task}`),
  );

describe('a set of trials', () => {
  it('is named by a run’s id or its beginning, its folder, the last run, or a folder of runs', () => {
    const first = select(['20260101-first'])[0];
    expect(first).toHaveLength(4);
    expect(select(['20260101'])[0]).toEqual(first);
    expect(select([join(out, '20260101-first')])[0]).toEqual(first);
    expect(select(['last'])[0]).toHaveLength(4);
    expect(select([out])[0]).toHaveLength(8);
  });

  it('is one agent’s of a run, or several joined, each trial once', () => {
    expect(select(['20260102:scripted:careful'])).toEqual([
      ['second scripted:careful suite/one', 'second scripted:careful suite/two'],
    ]);
    expect(select(['20260101:openai:model+20260102:openai:model'])[0]).toHaveLength(4);
    expect(select(['20260101+20260101:openai:model'])[0]).toHaveLength(4);
  });

  it('calls an agent that is a file by the name of what it exports, or of the file, where that means one', () => {
    const files = madeRuns([
      './bots/steady.ts',
      'py:bots/brisk.py',
      './bots/all.ts:steady',
      './bots/all.ts:old',
    ]);
    const agents = (selector: string) => [
      ...new Set(
        selectSets([selector], files, noFilter).flatMap(({ trials }) => trials.map((one) => one.agent)),
      ),
    ];
    expect(agents('20260101:brisk')).toEqual(['py:bots/brisk.py']);
    expect(agents('20260101:old')).toEqual(['./bots/all.ts:old']);
    expect(agents('20260101:./bots/steady.ts')).toEqual(['./bots/steady.ts']);
    expect(() => agents('20260101:steady')).toThrow(
      '20260101:steady: "steady" could be any of ./bots/all.ts:steady, ./bots/steady.ts',
    );
    expect(() => agents('20260101:bisk')).toThrow('did you mean "brisk"?');
  });

  it('is filtered by task or suite, tag and agent', () => {
    expect(select(['20260101'], { task: ['suite/two'], agent: ['openai:model'] })).toEqual([
      ['first openai:model suite/two'],
    ]);
    expect(select(['20260101'], { task: ['suite'], tag: ['tag-0'] })[0]).toHaveLength(2);
  });

  it('keeps the score beside each trace, and reads it the next time', () => {
    const [set] = selectSets(['20260101'], out, noFilter);
    const dir = set?.trials[0]?.dir ?? '';
    const { key, score } = JSON.parse(readFileSync(join(dir, 'scores.json'), 'utf8'));
    writeScore(dir, key, { ...score, efficiency: { ...score.efficiency, calls: 77 } });
    const [again] = selectSets(['20260101'], out, noFilter);
    expect(again?.trials[0]?.score.efficiency.calls).toBe(77);
    expect(again?.trials[0]?.cluster).toBe('template t');
  });

  it('lists trials whose trace cannot be read apart', () => {
    const broken = madeRuns();
    const trace = join(broken, '20260101-first', 't00', 'trace.jsonl');
    writeFileSync(trace, 'no event\n');
    appendFileSync(trace, 'nor this\n');
    const sets = selectSets(['20260101', '20260102'], broken, noFilter);
    expect(sets.map(({ trials, unreadable }) => [trials.length, unreadable.length])).toEqual([
      [3, 1],
      [4, 0],
    ]);
    expect(compareSets(sets, { margin: 0.05 }).sets[0]?.unreadable[0]?.trial).toBe('t00');
  });

  it.each([
    [['20260103-first'], /^no run "20260103-first" in .*; did you mean "20260101-first"\?$/],
    [['lst'], /^no run "lst" in .*; did you mean "last"\?$/],
    [
      ['20260101:openai:modle'],
      /^20260101:openai:modle: 20260101 has no agent "openai:modle"; did you mean "openai:model"\?$/,
    ],
    [['scripted:careful'], /; did you mean "last:scripted:careful"\?$/],
    [[join(out, '20260101-frist')], /20260101-frist: there is no run; did you mean ".*\/20260101-first"\?$/],
    [
      [`${join(out, '2026102-second')}:openai:model`],
      /2026102-second: there is no run; did you mean ".*\/20260102-second"\?$/,
    ],
    [[join(out, '20260101-first', 'run.json')], /^no run ".*run\.json" in /],
    [['2026'], /^"2026" could be any of 20260101-first, 20260102-second/],
  ])('answers a wrong selector with the nearest: %s', (selectors, message) => {
    expect(() => select(selectors)).toThrow(message);
  });

  it('answers a wrong filter with the nearest, and one that leaves a set empty', () => {
    expect(() => select(['last'], { tag: ['tag-9'] })).toThrow(
      /^--tag tag-9: no trial of these sets has it; did you mean "tag-0"\?$/,
    );
    expect(() => select(['20260101:openai:model', 'last'], { agent: ['scripted:careful'] })).toThrow(
      '20260101:openai:model: no trial of it is left by the filters',
    );
  });
});
