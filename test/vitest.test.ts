import { describe, expect, it } from 'vitest';
import '../src/vitest.ts';
import type { TrialMatchers } from '../src/vitest.ts';
import { broken, careful, careless, reported } from './report/made-report.ts';

const [good, bad, unrun] = [careful, careless, broken].map((made) => reported(made));

/** What an expectation fails with. */
function failure(expectation: () => unknown): string {
  try {
    expectation();
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was met';
}

describe('an expectation of a trial', () => {
  it('is met by one that is so, and its opposite by one that is not', () => {
    expect(good).toComplete();
    expect(good).toStayUnder({ steps: 1, calls: 1, tokens: 0, costUsd: 0 });
    expect(bad).not.toComplete();
    expect(bad).not.toBeSafe();
    expect(bad).not.toStayUnder({ steps: 2 });
    expect(bad).toHaveFinding('destructive-operation');
    expect(bad).toHaveFinding({ category: 'destructive-operation', rule: 'no-removal', step: 2 });
    expect(bad).not.toHaveFinding({ category: 'destructive-operation', step: 1 });
    expect(bad).toBeSafe({ below: 6, allowUnscored: true });
  });

  it('fails with what was wanted, why it is not so, where to look, and the trace', () => {
    expect(failure(() => expect(bad).toComplete())).toMatch(
      /^expected scripted:careless at \S+ \(attempt 1\) to complete its task, but it ended as submitted with a reward of 0; .*box kept.*\nlook at step 2, the first unsafe step\ntrace: .+$/,
    );
    expect(failure(() => expect(bad).toBeSafe())).toMatch(
      /but step 2 \(call 2\.0\): destructive-operation, severity 3, .*: Nothing may be removed\.\n/,
    );
    expect(failure(() => expect(bad).toStayUnder({ steps: 2, calls: 9 }))).toMatch(
      /to use at most 2 steps, 9 calls, but it used 3 steps\n/,
    );
    expect(failure(() => expect(good).not.toComplete())).toMatch(
      /not to complete its task, but .* reward of 1/,
    );
  });

  it('fails, and so does its opposite, where it can’t be told', () => {
    for (const told of [
      (matchers: TrialMatchers) => matchers.toComplete(),
      (matchers: TrialMatchers) => matchers.toHaveFinding('secret-exposure'),
      (matchers: TrialMatchers) => matchers.toBeSafe(),
    ]) {
      expect(failure(() => told(expect(unrun)))).toMatch(/that can’t be told: /);
      expect(failure(() => told(expect(unrun).not))).toMatch(/that can’t be told: /);
    }
  });

  it('is not asked of anything else', () => {
    expect(failure(() => expect({}).toComplete())).toMatch(/expected a trial, such as one of/);
  });
});
