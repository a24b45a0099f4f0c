import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/schema/run.ts';
import { browserFound, browserNote } from '../browser.ts';
import { copySample, sampleRun, type Viewed, view } from './viewed.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { run, trials }: Run = JSON.parse(readFileSync(`${sampleRun}/run.json`, 'utf8'));
const [first, second] = trials.map(({ trial }) => trial);

const tabs = ['calls', 'decided', 'saw', 'world', 'network', 'policy', 'scores', 'log', 'raw'];
const places = {
  ...Object.fromEntries(tabs.map((tab) => [`the tab ${tab}`, `#/trial/${run}/${second}?step=5&tab=${tab}`])),
  'the runs': '',
  'a run': `#/run/${run}`,
  'a trial': `#/trial/${run}/${first}`,
  'a comparison': `#/compare/${run}/${first}/${second}`,
};

async function seriousIn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

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
        expect(await seriousIn(page)).toEqual([]);
        await page.close();
      });
    }
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`can be used on a phone: ${colorScheme}`, async () => {
      const { page } = await viewed.open(`#/trial/${run}/${first}?step=3`);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole('heading', { name: 'Step 3' }).waitFor();
      await page.getByRole('button', { name: 'Next step' }).click();
      await page.getByRole('heading', { name: 'Step 4' }).waitFor();
      const top = async (selector: string) => (await page.locator(selector).boundingBox())?.y;
      expect(await top('.tabs')).toBeLessThan(844 / 4);
      await page.getByRole('button', { name: 'all steps' }).click();
      await page.getByRole('navigation', { name: 'Steps' }).waitFor();
      expect(await top('.steps')).toBeLessThan(844 / 3);
      for (const hash of [page.url(), `#/run/${run}`, `#/compare/${run}/${first}/${second}`]) {
        await page.goto(new URL(hash, page.url()).href);
        await page.locator('main').waitFor();
        await page.waitForLoadState('networkidle');
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      }
      expect(await seriousIn(page)).toEqual([]);
      await page.close();
    });
  }
});
