import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport, takeSnapshot } from '../../src/viewer/html-report.ts';
import { chooseRuns } from '../../src/viewer/library.ts';
import { browserFound, browserNote, openBrowser } from '../browser.ts';
import { fillComparedRun, fillMixedRun } from './mixed-run.ts';
import { openPage, type Viewed, view } from './viewed.ts';

const [run, first, second] = ['compared', 'neat', 'rash'];
const sets = `#/comparison?A=${run}:${first}&B=${run}:${second}`;
const parts = ['Scorecard', 'Capabilities', 'Flips', 'Behaviour', 'Failure modes'];

async function seeParts(page: Page): Promise<void> {
  for (const name of parts) await page.getByRole('region', { name, exact: true }).waitFor();
}

const widerThanScreen = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe.skipIf(!browserFound)(`the page of a comparison${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view((dir) => {
      fillComparedRun(dir);
      fillMixedRun(dir);
    });
  });
  afterAll(() => viewed?.close());

  it('is reached from a run of several agents, and says first what can be quoted', async () => {
    const { page, troubles } = await viewed.open(`#/run/${run}`);
    await page.getByRole('link', { name: 'compare its agents' }).click();
    await page
      .getByRole('region', { name: 'Verdict' })
      .getByText('rash completes 50.0 points less than neat')
      .waitFor();
    await seeParts(page);
    expect(decodeURIComponent(page.url())).toContain(`A=${run}:${first}`);
    expect(troubles).toEqual([]);
  });

  it('draws a point for each capability, with its interval, that leads to trials', async () => {
    const { page } = await viewed.open(sets);
    const plot = page.getByRole('figure', { name: 'Differences in completion by capability' });
    const points = plot.locator('a circle');
    await points.first().waitFor();
    const listed = page.getByRole('region', { name: 'Capabilities' }).locator('details li');
    expect(await points.count()).toBe(await listed.count());
    expect(await plot.locator('.reach line').count()).toBeGreaterThanOrEqual(await points.count());
    await points.first().click();
    await page.getByRole('region', { name: 'Run' }).waitFor();
    expect(decodeURIComponent(page.url())).toContain(`agent=${second}`);
  });

  it('says what B does more often, and what goes with failing, with a trial that shows it', async () => {
    const { page } = await viewed.open(sets);
    await page.getByRole('figure', { name: 'Calls in a trial, by tool and program' }).waitFor();
    const modes = page.getByRole('region', { name: 'Failure modes' });
    await modes.locator('a circle').first().click();
    await page.getByRole('heading', { name: /^Step/ }).waitFor();
    expect(page.url()).toContain('/trial/compared/rash-');
  });

  it('opens the two trials of a task that flipped side by side', async () => {
    const { page } = await viewed.open(sets);
    await page.getByRole('link', { name: 'side by side' }).first().click();
    await page.locator('.pair.parting').waitFor();
  });

  it('shows flips and capabilities of some tasks, as the address says', async () => {
    const { page } = await viewed.open(sets);
    const filter = page.getByRole('region', { name: 'Filters' });
    const flipped = page.getByRole('region', { name: 'Flips' }).locator('li');
    await flipped.first().waitFor();
    const all = await flipped.count();
    await filter.getByLabel('tag').selectOption('mail');
    expect(page.url()).toContain('tag=mail');
    const ofTag = await flipped.count();
    await filter.getByLabel('Filter tasks').fill('nothing has this name');
    await filter.getByText('0 groups and 0 flips').waitFor();
    await page.reload();
    await filter.getByText('0 groups and 0 flips').waitFor();
    await filter.getByRole('button', { name: 'all tasks' }).click();
    await flipped.first().waitFor();
    expect([await flipped.count(), ofTag > 0]).toEqual([all, true]);
  });

  it('fits a phone in both looks', async () => {
    const { page } = await viewed.open(sets);
    await page.setViewportSize({ width: 390, height: 800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await seeParts(page);
      expect(await widerThanScreen(page)).toBe(false);
    }
  });

  it('shows of three sets which can’t be told apart, and one pair at a time', async () => {
    const { page, troubles } = await viewed.open(`${sets}&C=made`);
    await page.getByRole('region', { name: 'Pairs' }).getByRole('button').last().click();
    await expect.poll(() => page.url()).toContain('pair=B-C');
    await page.getByRole('button', { name: /^B and C/, pressed: true }).waitFor();
    expect(troubles).toEqual([]);
  });

  it('answers a set that is not there by the nearest that is', async () => {
    const { page } = await viewed.open(`#/comparison?A=${run}x&B=${run}:${second}`);
    await page.getByRole('alert').getByText(`did you mean "${run}"`).waitFor();
  });

  it('stands in a report of its run, which asks for nothing', async () => {
    const { library } = chooseRuns(viewed.dir, viewed.dir);
    const file = join(viewed.dir, 'report.html');
    writeFileSync(file, htmlReport(await takeSnapshot(library, run, 'none')));
    const browser = await openBrowser({ offline: true });
    const { page, asked, troubles } = await openPage(browser, pathToFileURL(file).href);
    await page.getByRole('link', { name: 'compare its agents' }).click();
    await seeParts(page);
    await browser.close();
    expect(asked.filter((address) => !/^(file|data):/.test(address))).toEqual([]);
    expect(troubles).toEqual([]);
  });
});
