import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/schema/run.ts';
import { browserFound, browserNote } from '../browser.ts';
import { busyQueue } from './busy-queue.ts';
import { fillEveryPart, stepOf } from './every-part.ts';
import { fillComparedRun } from './mixed-run.ts';
import { copySample, sampleRun, type Viewed, view } from './viewed.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { run, trials }: Run = JSON.parse(readFileSync(`${sampleRun}/run.json`, 'utf8'));
const [first, second] = trials.map(({ trial }) => trial);

const inStep = (part: keyof typeof stepOf, tab: string) => `#/trial/made/one?step=${stepOf[part]}&tab=${tab}`;

/** Where each is, and what stands there once it is all there. */
const places: Record<string, [hash: string, landmark: string]> = {
  'the tab calls': [inStep('output', 'calls'), 'img.picture'],
  'the tab decided': [inStep('output', 'decided'), '.tab .fact'],
  'the tab saw': [inStep('output', 'saw'), '.tab .tree'],
  'the tab world': [inStep('fileChange', 'world'), '.tab tr.added'],
  'the tab network': [inStep('network', 'network'), '.tab article.change'],
  'the tab policy': [inStep('unsafe', 'policy'), 'article.finding'],
  'the tab scores': [inStep('unsafe', 'scores'), '.tab table.scores'],
  'the tab log': [inStep('unsafe', 'log'), 'ol.log'],
  'the tab raw': [inStep('unsafe', 'raw'), '.tab summary'],
  'an edit': [inStep('edit', 'world'), '.edited'],
  'the runs': ['#/', '.runs li a'],
  'the workers': ['#/workers', '.under-way td'],
  'a run': [`#/run/${run}`, '.trial-line'],
  'a run, filtered': [`#/run/${run}?severity=2&sort=cost`, '.filter .quiet'],
  'a trial': [`#/trial/${run}/${second}`, 'article.finding'],
  'a range of a trial': [`#/trial/${run}/${first}?from=2&to=4&q=order`, '.timeline .range'],
  'two trials side by side': [`#/compare/${run}/${first}/${second}`, '.pair.parting'],
  'a comparison': ['#/comparison?A=compared:neat&B=compared:rash', '.chart circle'],
  'a comparison of three': ['#/comparison?A=compared:neat&B=compared:rash&C=made', '.pairs-of-sets'],
};
const boxes: Record<string, (page: Page) => Promise<void>> = {
  'the search': async (page) => {
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('order');
    await page.locator('.hits mark').first().waitFor();
  },
  'the keys': (page) => page.keyboard.press('?'),
  'the menu of commands': (page) => page.getByText('Copy as…').click(),
  'the menu of comparisons': (page) => page.getByText('Compare…').click(),
  'the words explained': (page) => page.getByText('What the numbers mean').click(),
};

async function seriousIn(page: Page): Promise<string[]> {
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

describe.skipIf(!browserFound)(`the page, for everybody${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view(
      (dir) => {
        copySample(dir);
        fillEveryPart(dir);
        fillComparedRun(dir);
      },
      { queue: async () => busyQueue },
    );
  });
  afterAll(() => viewed?.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    describe(colorScheme, () => {
      let page: Page;
      beforeAll(async () => {
        ({ page } = await viewed.open(''));
        await page.emulateMedia({ colorScheme });
        await page.reload();
        await page.evaluate(axe);
      });

      async function go(hash: string, landmark: string): Promise<void> {
        await page.goto(new URL(hash, page.url()).href);
        await page.locator(landmark).first().waitFor({ state: 'attached' });
      }

      for (const [name, place] of Object.entries(places)) {
        it(`has nothing serious in it: ${name}`, async () => {
          await page.setViewportSize({ width: 1360, height: 860 });
          await go(...place);
          expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(colorScheme);
          expect(await seriousIn(page)).toEqual([]);
        });
      }

      for (const [name, open] of Object.entries(boxes)) {
        it(`has nothing serious in it: ${name}`, async () => {
          await page.setViewportSize({ width: 1360, height: 860 });
          await go(`#/trial/${run}/${first}`, '.pane .tab');
          await open(page);
          expect(await seriousIn(page)).toEqual([]);
          await go('#/', '.runs li a');
        });
      }

      it('fits on a phone, whatever it shows, and has nothing serious in it there', async () => {
        await page.setViewportSize({ width: 390, height: 844 });
        for (const [name, place] of Object.entries(places)) {
          await go(...place);
          expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, 390]);
        }
        for (const name of ['the runs', 'the workers', 'a run', 'a trial', 'a comparison', 'the tab world']) {
          await go(...(places[name] ?? ['', '']));
          expect([name, ...(await seriousIn(page))]).toEqual([name]);
        }
      });

      it('can be used on a phone', async () => {
        await page.setViewportSize({ width: 390, height: 844 });
        await go(`#/trial/${run}/${first}?step=3`, '.pane .tab');
        await page.getByRole('heading', { name: 'Step 3' }).waitFor();
        await page.getByRole('button', { name: 'Next step' }).click();
        await page.getByRole('heading', { name: 'Step 4' }).waitFor();
        const top = async (selector: string) => (await page.locator(selector).boundingBox())?.y;
        expect(await top('.tabs')).toBeLessThan(844 / 4);
        await page.keyboard.press('9');
        const events = await page.getByRole('tab', { name: 'Events', selected: true }).boundingBox();
        expect((events?.x ?? 0) + (events?.width ?? 0)).toBeLessThan(391);
        await page.getByRole('button', { name: 'all steps' }).click();
        await page.getByRole('navigation', { name: 'Steps' }).waitFor();
        expect(await top('.steps')).toBeLessThan(844 / 3);
      });
    });
  }
});
