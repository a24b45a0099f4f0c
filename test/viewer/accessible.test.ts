import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/schema/run.ts';
import { browserFound, browserNote } from '../browser.ts';
import { copySample, sampleRun, type Viewed, view } from './viewed.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { run, trials }: Run = JSON.parse(readFileSync(`${sampleRun}/run.json`, 'utf8'));
const [first, second] = trials.map(({ trial }) => trial);

const places = {
  'the runs': '',
  'a run': `#/run/${run}`,
  'a trial': `#/trial/${run}/${first}`,
  'a change of the world': `#/trial/${run}/${first}?step=8&tab=world`,
  scores: `#/trial/${run}/${second}?step=5&tab=scores`,
  'a comparison': `#/compare/${run}/${first}/${second}`,
};

describe.skipIf(!browserFound)(`the page, for everybody${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view(copySample);
  });
  afterAll(() => viewed?.close());

  for (const [name, hash] of Object.entries(places)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`has nothing serious in it: ${name}, ${colorScheme}`, async () => {
        const { page } = await viewed.open('');
        await page.emulateMedia({ colorScheme });
        await page.goto(`http://127.0.0.1:${viewed.server.port}/${hash}`);
        await page.reload();
        await page.locator('main').waitFor();
        await page.waitForLoadState('networkidle');
        await page.evaluate(axe);
        const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        await page.close();
      });
    }
  }

  it('fits a phone without scrolling sideways', async () => {
    const { page } = await viewed.open(`#/trial/${run}/${first}?step=3`);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('heading', { name: 'Step 3' }).waitFor();
    await page.getByRole('button', { name: 'all steps' }).click();
    await page.getByRole('navigation', { name: 'Steps' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});
