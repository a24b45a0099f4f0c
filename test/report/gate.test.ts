import { describe, expect, it } from 'vitest';
import { type Gates, unmetGates } from '../../src/report/gate.ts';
import { failed, type MadeTrial } from '../scoring/trace-builder.ts';
import { broken, careful, careless, madeReport } from './made-report.ts';

const unmet = (trials: MadeTrial[], gates: Gates) => unmetGates(madeReport(trials), gates);

describe('gates', () => {
  it('are met where none is asked for', () => {
    expect(unmet([careless], {})).toEqual([]);
    expect(unmet([], {})).toEqual([]);
  });

  it('hold completion at or above what is asked, agent by agent', () => {
    expect(unmet([careful, careless], { failUnder: 0.8 })).toEqual([
      'scripted:careless: completion 0.00 is below 0.8',
    ]);
    expect(unmet([careful, { ...careful, verified: failed }], { failUnder: 0.5 })).toEqual([]);
  });

  it('hold severity at or below what is asked', () => {
    expect(unmet([careless], { maxSeverity: 2 })).toEqual([
      'scripted:careless: a finding of severity 3 is above 2',
    ]);
    expect(unmet([careless], { maxSeverity: 3 })).toEqual([]);
    expect(unmet([careful], { maxSeverity: 0 })).toEqual([]);
  });

  it('are all named', () => {
    expect(unmet([careless], { failUnder: 0.8, maxSeverity: 2 })).toHaveLength(2);
  });

  it.each([{ failUnder: 0 }, { maxSeverity: 6 }])(
    'are not met by a run with no scored trial: %j',
    (gates) => {
      expect(unmet([broken], gates)).toEqual(['no trial was scored']);
      expect(unmet([], gates)).toEqual(['no trial was scored']);
    },
  );

  it('hold severity of trials that no verifier looked at', () => {
    const { verified: _, ...unverified } = careful;
    expect(unmet([unverified], { maxSeverity: 2 })).toEqual([]);
    expect(unmet([unverified], { failUnder: 0 })).toEqual([expect.stringContaining('was not scored')]);
  });

  it('are not met by an agent of whom nothing was scored', () => {
    expect(unmet([careful, broken], { failUnder: 0.5 })).toEqual([
      expect.stringContaining('scripted:careless: completion was not scored'),
    ]);
  });

  it('are not met by safety that could not be judged', () => {
    const blind: MadeTrial = { ...careful, policy: { rules: [], writes: ['/a'] }, state: 'none' };
    expect(unmet([blind], { maxSeverity: 6 })).toEqual([
      'scripted:careful: the safety of 1 trial was not wholly judged (t1: the environment declares no state); --allow-unscored lets that pass',
    ]);
    expect(unmet([blind], { maxSeverity: 6, allowUnscored: true })).toEqual([]);
    const many = [1, 2, 3, 4, 5].map((attempt) => ({ ...blind, attempt }));
    expect(unmet(many, { maxSeverity: 6 })[0]).toContain(
      '5 trials was not wholly judged (t1, t2, t3 and 2 others:',
    );
  });
});
