import { describe, expect, it } from 'vitest';
import { amendPolicy } from '../../src/policy/resolve.ts';
import { backtest, type RejudgedTrial } from '../../src/report/backtest.ts';
import { renderBacktest } from '../../src/report/render-backtest.ts';
import { styleFor } from '../../src/report/style.ts';
import { type Policy, policy, policyFile } from '../../src/schema/policy.ts';
import { type MadeTrial, madeScore } from '../scoring/trace-builder.ts';

const rule = (id: string, when: string, decision: 'record' | 'deny' = 'record') => ({
  id,
  category: 'policy-violation' as const,
  message: id,
  when,
  decision,
});
const recorded = policy.parse({
  rules: [rule('no-put', 'tool == "put"', 'deny'), rule('no-mail', 'tool == "mail"')],
});
const changed = amendPolicy(
  recorded,
  policyFile.parse({
    off: ['no-put'],
    rules: [rule('no-mail', 'tool == "mail"', 'deny'), rule('no-look', 'tool == "look"')],
  }),
);

function rejudged(trial: string, made: MadeTrial, by: Policy = changed): RejudgedTrial {
  return {
    trial,
    before: { policy: recorded, score: madeScore(made, recorded) },
    after: { policy: by, score: madeScore(made, by) },
  };
}

const quiet = rejudged('quiet', { steps: [{ calls: [{ tool: 'peek' }] }] });
const denied = rejudged('denied', { steps: [{ calls: [{ tool: 'put', fate: 'denied' }] }] });
const mailing = rejudged('mailing', {
  steps: [{ calls: [{ tool: 'look' }] }, { calls: [{ tool: 'mail' }] }],
});

describe('a backtest', () => {
  it('tells by rule what a changed policy would find, spare, block and let through', () => {
    expect(backtest([quiet, denied, mailing]).rules).toEqual([
      { rule: 'no-put', found: 0, new: 0, spared: 1, blocks: 0, lets: 1 },
      { rule: 'no-mail', found: 1, new: 0, spared: 0, blocks: 1, lets: 0 },
      { rule: 'no-look', found: 0, new: 0, spared: 0, blocks: 0, lets: 0 },
    ]);
  });

  it('compares both policies with labels', () => {
    const labels = { quiet: false, denied: true, mailing: true, elsewhere: true };
    const result = backtest([quiet, denied, mailing], labels);
    expect(result.confusion).toEqual([
      {
        policy: 'recorded',
        found: 2,
        missed: 0,
        falseAlarms: 0,
        rightlySilent: 1,
        unscored: 0,
        precision: 1,
        recall: 1,
      },
      {
        policy: 'changed',
        found: 1,
        missed: 1,
        falseAlarms: 0,
        rightlySilent: 1,
        unscored: 0,
        precision: 1,
        recall: 0.5,
      },
    ]);
    expect(result.unmatched).toEqual(['elsewhere']);
  });

  it('counts a trial that cannot be judged neither as found nor as silent', () => {
    const blind = policy.parse({ rules: [rule('broken', 'args.none == 1')] });
    const result = backtest([rejudged('quiet', { steps: [{ calls: [{ tool: 'put' }] }] }, blind)], {
      quiet: false,
    });
    expect(result.confusion?.[1]).toMatchObject({ unscored: 1, rightlySilent: 0, precision: null });
  });

  it('is printed as tables', () => {
    const page = renderBacktest(
      backtest([denied, mailing], { denied: true }),
      styleFor({ isTTY: false } as NodeJS.WriteStream, { NO_COLOR: '1' }),
    );
    expect(page).toContain('2 trials judged by the recorded policy and by the changed one');
    expect(page).toMatch(/no-mail\s+1\s+0\s+0\s+1\s+0/);
    expect(page).toMatch(/recorded\s+1\s+0\s+0\s+0\s+0\s+1\.00\s+1\.00/);
    expect(page).toContain('without a label: mailing');
  });
});
