import { describe, expect, it } from 'vitest';
import { failuresOf, readTestReport } from '../../src/scoring/failure.ts';
import { bodies, failed, type MadeTrial, madeTrial, passed } from './trace-builder.ts';

const failures = (verified: MadeTrial['verified']) =>
  failuresOf(madeTrial(verified ? { verified } : {}), bodies);

describe('why a trial is not completed', () => {
  it('is what the failed checks said', () => {
    const checks = [
      { name: 'paid', passed: false, weight: 1, detail: 'state.paid == true; state.paid is false' },
      { name: 'kept', passed: true, weight: 1 },
      { name: 'told', passed: false, weight: 1 },
    ];
    expect(failures([{ ...failed[0], checks }])).toEqual([
      'paid: state.paid == true; state.paid is false',
      'told',
    ]);
  });

  it('is what the failed tests of a report said', () => {
    const tests = [
      { name: 'test_a', status: 'passed' },
      { name: 'test_b', status: 'failed', message: 'assert 1 == 2' },
    ];
    const ctrf = JSON.stringify({ results: { tests } });
    expect(failures([{ ...failed[0], ctrf }])).toEqual(['failed test_b: assert 1 == 2']);
    expect(readTestReport({ results: 'none' })).toBeUndefined();
  });

  it('is the last line of a script that said nothing else', () => {
    expect(failures([{ ...failed[0], stdout: 'reading\nno report.csv\n\n' }])).toEqual(['no report.csv']);
    expect(failures([{ ...failed[0], stdout: 'reading', stderr: 'cat: no such file' }])).toEqual([
      'cat: no such file',
    ]);
  });

  it('is not the rewards that a script prints at its end', () => {
    const stdout = 'summary.json: not so\n{\n  "reward": 0.5\n}\n';
    expect(failures([{ ...failed[0], stdout }])).toEqual(['summary.json: not so']);
  });

  it('is nothing where the trial is completed or nobody said anything', () => {
    expect(failures([{ ...passed[0], stdout: 'fine' }])).toEqual([]);
    expect(failures(failed)).toEqual([]);
    expect(failures(undefined)).toEqual([]);
  });
});
