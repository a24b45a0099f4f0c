import { describe, expect, it } from 'vitest';
import { suiteHealth } from '../../../src/calibration/health.ts';
import { type AuditLine, notLookedAt, ok } from '../../../src/check/audit/audit-line.ts';
import { suiteAudit } from '../../../src/check/audit/audit-suite.ts';
import { comparable, suiteCard } from '../../../src/check/audit/card.ts';
import { supportedState } from '../../../src/check/audit/supported-state.ts';
import type { SetTrial } from '../../../src/comparison/trial-set.ts';
import { madeSet, tasksOf } from '../../comparison/made-set.ts';

const names = Array.from({ length: 10 }, (_, place) => `made/t${place}`);

/** Trials of agents of which the first passes so many of ten tasks, the second so many, ... */
const trialsOf = (...passed: number[]): SetTrial[] =>
  passed.flatMap(
    (count, at) =>
      madeSet(
        `agent${at}`,
        tasksOf(10, (place) => [Number(place < count)]),
      ).trials,
  );

const auditOf = (line: AuditLine, digest = 'd') =>
  suiteAudit(
    'made',
    names.map((task) => ({ task, digest, environmentDigest: 'e', lines: [line] })),
    undefined,
  );
const clean = auditOf(ok('nop', 'reward 0'));
const stateOf = (audit: typeof clean, ...passed: number[]) =>
  supportedState(audit, passed.length > 0 ? suiteHealth(trialsOf(...passed)) : undefined).state;

describe('the card of a suite', () => {
  it('supports no more than what was seen', () => {
    const flawed = auditOf({ name: 'nop', status: 'flaw', evidence: ['doing nothing gets full marks'] });
    expect(stateOf(flawed, 0, 10)).toBe('draft');
    expect(stateOf(clean)).toBe('pilot');
    expect(stateOf(clean, 5, 5)).toBe('pilot');
    expect(stateOf(clean, 0, 10)).toBe('active');
    expect(stateOf(clean, 10, 10, 10, 10, 10)).toBe('saturated');
  });

  it('counts trials of the very tasks alone, and says what it left out', () => {
    const trials = trialsOf(0, 10);
    const changed = auditOf(ok('nop', 'reward 0'), 'f'.repeat(64));
    expect(comparable(clean, trials)).toMatchObject({ changed: 0, foreign: 0 });
    expect(comparable(changed, trials)).toEqual({ own: [], changed: 20, foreign: 0, gaps: [] });
    const page = suiteCard({ ...changed, sandbox: 'embedded' }, { changed: 20, foreign: 0 });
    expect(page).toContain('20 trials of tasks that were otherwise then left out');
    expect(page).toContain('No trial of these tasks as they are now was looked at.');
    for (const name of names) expect(page).toContain(name);
  });

  it('has another digest where a task or its environment is another', () => {
    expect(auditOf(ok('nop'), 'f'.repeat(64)).digest).not.toBe(clean.digest);
  });

  it('shows flaws, and what was not looked at with its reason', () => {
    const page = suiteCard(
      { ...auditOf(notLookedAt('history', 'it holds no git repository')), sandbox: 'embedded' },
      { changed: 0, foreign: 0 },
    );
    expect(page).toContain(
      '| not looked at | no git history holds the answer | 10 tasks: it holds no git repository |',
    );
    expect(page).toContain('The evidence supports **pilot**');
  });
});
