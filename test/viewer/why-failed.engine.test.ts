import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserFound, browserNote } from '../browser.ts';
import { beginTrial, type MadeTrial, writeMadeRun } from './made-run.ts';
import { type Viewed, view } from './viewed.ts';

const detail = 'state.paid == true; state.paid is false';
const ends: Record<string, Parameters<MadeTrial['end']>[0]> = {
  checked: {
    reward: 0.5,
    checks: [
      { name: 'paid', passed: false, weight: 1, detail },
      { name: 'kept', passed: true, weight: 1 },
    ],
  },
  said: {
    reward: 0.5,
    stdout: 'building\nsummary.json: not so: .busiest == "/"\n{\n  "reward": 0.5\n}\n',
  },
  tested: {
    reward: 0,
    stdout: 'noise',
    ctrf: {
      results: {
        tests: [
          { name: 'test_a', status: 'passed' },
          { name: 'test_b', status: 'failed', message: 'assert 1 == 2' },
        ],
      },
    },
  },
};

describe.skipIf(!browserFound)(`why a trial failed${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view((dir) => {
      const runDir = join(dir, 'made');
      const heads = Object.entries(ends).map(([name, end]) => {
        const trial = beginTrial(runDir, name);
        trial.step({ calls: [{ args: { command: 'ls' }, content: [] }] });
        return [name, trial.end(end)];
      });
      writeMadeRun(runDir, Object.fromEntries(heads));
    });
  });
  afterAll(() => viewed?.close());

  const why = (page: Page) => page.getByRole('region', { name: 'Why completion failed' });

  it('is the expression of a failed check and what was there instead, on the first screen', async () => {
    const { page } = await viewed.open('#/trial/made/checked');
    const words = await why(page).getByText(detail).boundingBox();
    expect((words?.y ?? 999) + (words?.height ?? 999)).toBeLessThan(860 / 2);
    expect(await why(page).textContent()).toContain('Completion is 50 %');
    expect(await why(page).textContent()).not.toContain('kept');
  });

  it('is the last words of a script, without the reward that stands above', async () => {
    const { page } = await viewed.open('#/trial/made/said');
    await why(page).getByText('summary.json: not so: .busiest == "/"').waitFor();
    expect(await why(page).textContent()).not.toContain('"reward"');
  });

  it('is the tests that failed, where a test runner reported them', async () => {
    const { page } = await viewed.open('#/trial/made/tested');
    await why(page).getByText('failed test_b: assert 1 == 2').waitFor();
    expect(await why(page).textContent()).not.toMatch(/test_a|noise/);
  });
});
