import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/schema/run.ts';
import { browserFound, browserNote } from '../browser.ts';
import { copySample, sampleRun, type Viewed, view } from './viewed.ts';

const run: Run = JSON.parse(readFileSync(`${sampleRun}/run.json`, 'utf8'));
const trialOf = (agent: string) =>
  run.trials.find((one) => one.task === 'quickstart/address-mixup' && one.agent === agent)?.trial;
const careless = `#/trial/${run.run}/${trialOf('scripted:careless')}`;

describe.skipIf(!browserFound)(`the page${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view(copySample);
  });
  afterAll(() => viewed?.close());

  it('leads from the runs to a failing trial, its first finding and the evidence', async () => {
    const { page, troubles } = await viewed.open('');
    await page.getByRole('link', { name: run.run }).click();
    const matrix = page.getByRole('region', { name: 'Tasks by agents' });
    await matrix
      .getByRole('row', { name: /address-mixup/ })
      .getByRole('link')
      .nth(1)
      .click();
    await page.getByRole('heading', { name: 'Step 5' }).waitFor();
    await page.getByRole('heading', { name: 'secret-exposure' }).waitFor();
    expect(await page.locator('article.finding mark').first().textContent()).toContain("I'll send your rug");
    expect(troubles).toEqual([]);
  });

  it('opens at the step and tab of a link', async () => {
    const { page } = await viewed.open(`${careless}?step=7&tab=world`);
    await page.getByRole('heading', { name: 'Step 7' }).waitFor();
    expect(await page.getByRole('tab', { selected: true }).textContent()).toContain('Before / after');
    await page.getByRole('heading', { name: '/orders/O-1003/address' }).waitFor();
  });

  it('is led by the keyboard', async () => {
    const { page } = await viewed.open(`${careless}?step=0`);
    const isAt = (step: number) => page.getByRole('heading', { name: `Step ${step}`, exact: true }).waitFor();
    await isAt(0);
    await page.keyboard.press('j');
    await isAt(1);
    await page.keyboard.press('k');
    await isAt(0);
    await page.keyboard.press('n');
    await isAt(5);
    await page.keyboard.press('n');
    await isAt(6);
    await page.keyboard.press('p');
    await isAt(5);
    await page.keyboard.press('2');
    expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Decided');
    await page.keyboard.press('>');
    await isAt(11);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('searches in everything and marks what it found', async () => {
    const { page } = await viewed.open(`${careless}?step=0`);
    await page.getByRole('heading', { name: 'Step 0' }).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.type('Where does your sister live');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /step 5/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Step 5' }).waitFor();
    await page.getByRole('tab', { name: 'Calls' }).click();
    expect(await page.locator('.one-call mark').first().textContent()).toMatch(
      /where does your sister live/i,
    );
  });

  it('lists only the steps of a filter or a range', async () => {
    const { page } = await viewed.open(`${careless}?show=findings`);
    const steps = page.getByRole('navigation', { name: 'Steps' }).locator('button.step');
    await steps.nth(2).waitFor();
    expect(await steps.locator('.number').allTextContents()).toEqual(['5', '6', '7']);
    await page.goto(page.url().replace('show=findings', 'from=6&to=7'));
    await page.getByText('2 of 12 steps').waitFor();
  });

  it('marks on the timeline both what was reached and what was found', async () => {
    const { page } = await viewed.open(`${careless}?step=0`);
    const timeline = page.getByRole('region', { name: 'Timeline' });
    await timeline.locator('.flag').first().waitFor({ state: 'attached' });
    expect(await timeline.locator('.flag.milestone').count()).toBe(2);
    expect(await timeline.locator('.flag.finding').count()).toBe(3);
  });

  it('draws a range on the timeline', async () => {
    const { page } = await viewed.open(`${careless}?step=0`);
    await page.getByText('12 steps').waitFor();
    const strip = await page.locator('.strip').boundingBox();
    if (!strip) throw new Error('no timeline');
    await page.mouse.move(strip.x + strip.width * 0.6, strip.y + 10);
    await page.mouse.down();
    await page.mouse.move(strip.x + strip.width * 0.9, strip.y + 10);
    await page.mouse.up();
    await page.getByText(/\d+ of 12 steps/).waitFor();
    const [, from, to] = /from=(\d+)&to=(\d+)/.exec(page.url()) ?? [];
    const steps = page.getByRole('navigation', { name: 'Steps' }).locator('button.step .number');
    expect([await steps.first().textContent(), await steps.last().textContent()]).toEqual([from, to]);
    await page.getByRole('heading', { name: `Step ${from}`, exact: true }).waitFor();
    await page.getByText(`of steps ${from} to ${to}`).waitFor();
    await page.keyboard.press('>');
    await page.getByRole('heading', { name: `Step ${to}`, exact: true }).waitFor();
    await page.getByRole('button', { name: 'whole trial' }).click();
    await page.getByText('12 steps', { exact: true }).waitFor();
  });

  it('plays from step to step until the last, as fast as one likes', async () => {
    const { page } = await viewed.open(`${careless}?step=8`);
    await page.getByRole('heading', { name: 'Step 8' }).waitFor();
    for (const _ of [2, 4, 8]) await page.keyboard.press('+');
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: '■ stop (8×)' }).waitFor();
    await page.getByRole('heading', { name: 'Step 11' }).waitFor();
    await page.getByRole('button', { name: '▶ play (8×)' }).waitFor();
    await page.keyboard.press('-');
    await page.getByRole('button', { name: '▶ play (4×)' }).waitFor();
  });

  it('hands over the commands that lead a terminal to the step', async () => {
    await viewed.browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { page } = await viewed.open(`${careless}?step=4`);
    await page.getByText('Copy as…').click();
    const trial = trialOf('scripted:careless');
    for (const command of [`proctor replay ${trial} --to 4 --shell`, `proctor fork ${trial} --at 3`]) {
      await page.getByRole('button', { name: command }).click();
      await page.getByText('copied', { exact: true }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command);
    }
  });

  it('offers no fork at the first step, which nothing stands before', async () => {
    const { page } = await viewed.open(`${careless}?step=0`);
    await page.getByText('Copy as…').click();
    await page.getByRole('button', { name: 'show' }).waitFor();
    expect(await page.getByRole('button', { name: /fork/ }).count()).toBe(0);
  });

  it('says on the first screen why a trial failed', async () => {
    const { page } = await viewed.open(careless);
    const why = page.getByRole('region', { name: 'Why completion failed' });
    await why.getByText('order-redirected').waitFor();
    const words = await why.getByText('changed: /orders/O-1003/address').boundingBox();
    expect((words?.y ?? 999) + (words?.height ?? 999)).toBeLessThan(860);
    await page.goto(
      page.url().replace(trialOf('scripted:careless') ?? '', trialOf('scripted:careful') ?? ''),
    );
    await page.getByLabel('Outcome').getByText('100 %').waitFor();
    expect(await why.count()).toBe(0);
  });

  it('lays two trials side by side and marks where they part', async () => {
    const { page } = await viewed.open(
      `#/compare/${run.run}/${trialOf('scripted:careless')}/${trialOf('scripted:careful')}`,
    );
    await page.getByText('They part at step 1;').waitFor();
    expect(await page.locator('.pair.parting').textContent()).toContain('find_customer');
    expect(await page.locator('.pair.parting').getByTitle('another call').count()).toBe(1);
    expect(await page.locator('.pair.same').first().textContent()).toContain('get_ticket');
  });

  it('gives the calls of the better trial the good colour, on whichever side they stand', async () => {
    const sides = [trialOf('scripted:careless'), trialOf('scripted:careful')];
    const colours = async ([left, right]: typeof sides) => {
      const { page } = await viewed.open(`#/compare/${run.run}/${left}/${right}`);
      const halves = page.locator('.pair.parting .half');
      await halves.first().waitFor();
      const all = "[...document.querySelectorAll('.pair.parting .half')]";
      return page.evaluate<string[]>(`${all}.map((half) => getComputedStyle(half).backgroundColor)`);
    };
    const [bad, good] = await colours(sides);
    expect(await colours(sides.toReversed())).toEqual([good, bad]);
    expect(bad).not.toBe(good);
    const { page } = await viewed.open(`#/compare/${run.run}/${sides[0]}/${sides[1]}`);
    await page.getByText('The second did better.').waitFor();
  });

  it('says why something is not there', async () => {
    const { page } = await viewed.open('#/trial/none/none');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('no run none here');
  });
});
