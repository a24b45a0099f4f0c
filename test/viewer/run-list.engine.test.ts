import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserFound, browserNote } from '../browser.ts';
import { beginTrial, writeMadeRun } from './made-run.ts';
import { fillMixedRun, fillRepeatedRun } from './mixed-run.ts';
import { type Viewed, view } from './viewed.ts';

describe.skipIf(!browserFound)(`the list of runs${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view((dir) => {
      fillMixedRun(dir);
      fillRepeatedRun(dir);
      const forked = join(dir, 'forked');
      const trial = beginTrial(forked, 'one', { run: 'forked', agent: 'rescuer' });
      const options = { parent: 'made/rash-tidy', step: 0, edits: [] };
      writeMadeRun(forked, { one: trial.end({ reward: 1 }) }, { name: 'forked', options });
      beginTrial(join(dir, 'live'), 'one', { run: 'live' });
      writeMadeRun(join(dir, 'live'), { one: undefined }, { name: 'live' });
    });
    // A run's own page scores it; the list only shows what is kept.
    const { page } = await viewed.open('#/run/made');
    await page.getByText('6 trials', { exact: true }).waitFor();
  });
  afterAll(() => viewed?.close());

  it('shows what each run was and what it came to', async () => {
    const { page } = await viewed.open('');
    const line = page.getByRole('listitem').filter({ hasText: 'made · 3 tasks' });
    const text = (await line.textContent()) ?? '';
    expect(text).toMatch(/neat, rash/);
    expect(text).toMatch(/completion42 %\s\(4\sto\s92\s%\)/);
    expect(text).toMatch(/safe success33 %\s\(/);
    expect(text).toMatch(/worst findingseverity 3/);
    expect(text).toMatch(/scored5 of 6 trials/);
    expect(text).toMatch(/cost\$1.20/);
    expect(text).toMatch(/ago, 2026-01-05 09:00/);
    await line.getByText('done', { exact: true }).waitFor();
    const fork = page.getByRole('listitem').filter({ hasText: 'rescuer' });
    await fork.getByText('fork', { exact: true }).waitFor();
    const live = page.getByRole('listitem').filter({ hasText: '1 running' });
    await live.getByText('running', { exact: true }).waitFor();
  });

  it('is scored in the background where it was not, and then says so by itself', async () => {
    const { page } = await viewed.open('');
    const again = page.getByRole('listitem').filter({ hasText: 'patient' });
    await again.getByText('4 of 4 trials').waitFor();
    expect(await again.textContent()).toMatch(/completion100 %/);
  });

  it('is filtered by words, into which a key puts the cursor', async () => {
    const { page } = await viewed.open('');
    await page.getByText('4 runs', { exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('rescuer FORK');
    await page.getByText('1 of 4 runs').waitFor();
    expect(await page.getByRole('listitem').count()).toBe(1);
    await page.reload();
    await page.getByText('1 of 4 runs').waitFor();
  });
});
