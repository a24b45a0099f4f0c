import { describe, expect, it } from 'vitest';
import { proctor } from './proctor.ts';

const plan = (...args: string[]) => proctor(['plan', ...args]);

describe('proctor plan', () => {
  it('plans by recorded trials, and says that two tasks tell little', async () => {
    const { code, stdout } = await plan('traces/sample/quickstart', '--mde', '.1');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /between scripted:careful and scripted:careless, with a power of 80 % at alpha 5 %/,
    );
    expect(stdout).toMatch(/tasks +attempts +trials +cost +planned by +what 2 tasks find/);
    expect(stdout).toContain('So few tasks tell all this very roughly.');
  });

  it('plans by what is stated, and gives the same as one JSON document', async () => {
    const args = ['--between', '.0333', '--within', '.1667', '--mde', '.1', '--trial-cost', '.02'];
    const { stdout } = await plan(...args, '--attempts', '4,1', '--max-tasks', '100', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      question: { difference: 0.1, power: 0.8, alpha: 0.05 },
      designs: [
        { attempts: 1, tasks: 288, trials: 576, costUsd: expect.closeTo(11.52, 6), exceeds: 'tasks' },
        { attempts: 4, tasks: 92, method: 'paired-t' },
      ],
      cheapest: 1,
    });
    expect((await plan(...args)).stdout).toMatch(/288 +1 +576 +\$11\.52 +paired t +← cheapest/);
  });

  it('plans one attempt of pass or fail by McNemar’s exact test', async () => {
    const { stdout } = await plan('--discordant', '.2', '--mde', '.1');
    expect(stdout).toMatch(/168 +1 +336 +McNemar, exact +← cheapest/);
  });

  it.each([
    [['--mde', '5', '--discordant', '.2'], 'expected a number above 0 and below 1'],
    [['--power', '.04', '--discordant', '.2'], '--power 0.04: expected more than --alpha, which is 0.05'],
    [['--discordant', '.02'], '--discordant 0.02: expected at least --mde, which is 0.05'],
    [[], 'plan: expected a recorded set'],
  ])('answers %j in one line', async (args, said) => {
    const { code, stderr, stdout } = await plan(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('    at ');
  });
});
