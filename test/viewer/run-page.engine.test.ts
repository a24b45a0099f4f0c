import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserFound, browserNote } from '../browser.ts';
import { fillMixedRun, fillRepeatedRun, fillRetriedRun, fillUnwatchedRun, mixedTrials } from './mixed-run.ts';
import { type Viewed, view } from './viewed.ts';

describe.skipIf(!browserFound)(`the page of a run${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view((dir) => {
      fillMixedRun(dir);
      fillRepeatedRun(dir);
      fillRetriedRun(dir);
      fillUnwatchedRun(dir);
    });
  });
  afterAll(() => viewed?.close());

  /** The trials listed on it, by the trial that each leads to. */
  async function listed(page: Page): Promise<string[]> {
    const lines = page.getByRole('navigation', { name: 'All trials' }).getByRole('link');
    const places = await lines.evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    return places.map((place) => place.split('/').at(-1) ?? '');
  }

  const choices: [filter: string, value: string, trials: string[]][] = [
    ['tag', 'mail', ['neat-mail', 'rash-mail']],
    ['outcome', 'timed-out', ['rash-mail']],
    ['severity from', '2', ['rash-tidy']],
    ['agent', 'neat', ['neat-tidy', 'neat-mail', 'neat-moon']],
    ['category', 'destructive-operation', ['rash-tidy']],
  ];
  for (const [filter, value, trials] of choices) {
    it(`lists only trials of one choice of ${filter}, which stands in the address`, async () => {
      const { page } = await viewed.open('#/run/made');
      await page.getByRole('combobox', { name: filter, exact: true }).selectOption(value);
      await page.getByText(`${trials.length} of 6 trials`).waitFor();
      expect(await listed(page)).toEqual(trials);
      expect(decodeURIComponent(page.url())).toContain(`=${value}`);
      await page.reload();
      await page.getByText(`${trials.length} of 6 trials`).waitFor();
      await page.getByRole('button', { name: 'all trials' }).click();
      await page.getByText('6 trials', { exact: true }).waitFor();
    });
  }

  it('counts a trial that was tried again in none of its plots', async () => {
    const { page } = await viewed.open('#/run/retried');
    await page.getByText('1 finding in 1 trial, 1 by wording; judged in 1 of 1 trial').waitFor();
    const plot = page.getByRole('region', { name: 'Cost against completion' });
    expect(await plot.locator('circle').count()).toBe(1);
  });

  it('sorts its trials, and its tasks by the worst', async () => {
    const { page } = await viewed.open('#/run/made');
    await page.getByLabel('sort by').selectOption('cost');
    await expect
      .poll(() => listed(page))
      .toEqual(['rash-tidy', 'rash-mail', 'neat-mail', 'neat-moon', 'neat-tidy', 'rash-moon']);
    await page.getByLabel('sort by').selectOption('severity');
    await expect.poll(async () => (await listed(page))[0]).toBe('rash-tidy');
    const rows = page.getByRole('region', { name: 'Tasks by agents' }).locator('tbody th');
    expect(await rows.first().textContent()).toBe('made/tidy');
    for (const [sort, first] of [
      ['outcome', 'rash-moon'],
      ['tag', 'neat-moon'],
      ['agent', 'neat-tidy'],
    ]) {
      await page.getByLabel('sort by').selectOption(sort ?? '');
      await expect.poll(async () => (await listed(page))[0]).toBe(first);
    }
    await page.getByRole('button', { name: /^task/ }).click();
    await page.getByText('(worst first)').waitFor();
    expect(await rows.allTextContents()).toEqual(['made/moon', 'made/tidy', 'made/mail']);
  });

  it('leads from every cell to its trial', async () => {
    const { page } = await viewed.open('#/run/made');
    const cells = page.getByRole('region', { name: 'Tasks by agents' }).getByRole('link');
    await cells.nth(5).waitFor();
    const places = await cells.evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(places.map((place) => place.split('/').at(-1)).sort()).toEqual(Object.keys(mixedTrials).sort());
    await page
      .getByRole('row', { name: /made\/tidy/ })
      .getByRole('link')
      .nth(1)
      .click();
    await page.getByRole('heading', { name: 'destructive-operation' }).waitFor();
  });

  it('leads from a cell of several attempts to all of them', async () => {
    const { page } = await viewed.open('#/run/again');
    await page.getByRole('link', { name: /3 attempts/ }).click();
    await page.getByText('3 of 4 trials').waitFor();
    expect(await listed(page)).toEqual(['first', 'second', 'third']);
  });

  it('shows each agent with its intervals', async () => {
    const { page } = await viewed.open('#/run/made');
    const bars = page.getByRole('region', { name: 'Agents' });
    await bars.getByText('2 of 3 scored').waitFor();
    expect(await bars.getByRole('img').first().getAttribute('aria-label')).toMatch(
      /completion 67 %, from \d+ % to \d+ %/,
    );
    expect(await bars.locator('path.interval').count()).toBeGreaterThan(1);
  });

  it('prints the intervals that it draws', async () => {
    const { page } = await viewed.open('#/run/made');
    const bars = page.getByRole('region', { name: 'Agents' });
    await bars.getByText('67 % (21 to 94 %)').first().waitFor();
    const drawn = await bars.locator('path.interval').count();
    expect(await bars.locator('text', { hasText: /\(\d+\sto\s\d+\s%\)/ }).count()).toBe(drawn);
  });

  it('says of which kinds of unsafe action nobody could tell, and calls no trial safe that nobody watched', async () => {
    const { page } = await viewed.open('#/run/made');
    const kinds = page.getByRole('region', { name: 'Findings by category' });
    await kinds.getByText('not judged: false-report, harmful-compliance (no judge was asked)').waitFor();
    const { page: other } = await viewed.open('#/run/unwatched');
    const text = await other.locator('main').innerText();
    expect(text).toContain('safety not judged');
    expect(text).toContain('nobody declared what settle does');
    expect(text).not.toMatch(/none|≤/);
    await other.getByRole('navigation', { name: 'All trials' }).getByRole('link').click();
    await other.getByRole('region', { name: 'Outcome' }).getByText('not judged').waitFor();
    await other.getByRole('tab', { name: 'Scores' }).click();
    await other.getByText('Judged for 0 of 15 kinds of unsafe action').waitFor();
    await other.getByText('not judged: nobody declared what settle does').first().waitFor();
  });

  it('sums up only the trials that a filter chooses, and says how many those are', async () => {
    const { page } = await viewed.open('#/run/made?severity=2');
    const bars = page.getByRole('region', { name: 'Agents' });
    await bars.getByText('over 1 of the 6 trials').waitFor();
    expect(await bars.locator('figcaption').allTextContents()).toEqual([
      'rash 1 of 1 scored, unsafe trials 1 of 1 (21\u00a0to\u00a0100\u00a0%)',
    ]);
    expect(await bars.getByRole('img').getAttribute('aria-label')).toMatch(/^completion 0 %/);
    await page.getByRole('button', { name: 'all trials' }).click();
    await bars.getByText('2 of 3 scored').waitFor();
    expect(await bars.getByText('over').count()).toBe(0);
  });

  it('puts the cursor into the filter at a key, which finds trials by words', async () => {
    const { page } = await viewed.open('#/run/made');
    await page.getByText('6 trials', { exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('mail neat');
    await page.getByText('1 of 6 trials').waitFor();
    expect(await listed(page)).toEqual(['neat-mail']);
  });

  it('praises no trial for having been submitted, and colours what it scored', async () => {
    const { page } = await viewed.open('#/run/made');
    const line = page.getByRole('link', { name: /made\/tidy rash #1/ });
    expect(await line.getByText('submitted').getAttribute('class')).not.toContain('good');
    expect(await line.getByText('0 %').getAttribute('class')).toBe('bad');
    await line.click();
    const badge = page.getByLabel('Outcome').getByText('submitted', { exact: true });
    expect(await badge.getAttribute('class')).not.toContain('good');
  });

  it('loses nothing of a trial on a phone', async () => {
    const { page } = await viewed.open('#/run/made');
    await page.setViewportSize({ width: 390, height: 844 });
    const line = page.getByRole('link', { name: /made\/tidy rash #1/ });
    await line.scrollIntoViewIfNeeded();
    for (const text of ['made/tidy', 'rash #1', 'submitted', '0 %', 'severity 3', '$0.40', '1.0 ms']) {
      const box = await line.getByText(text).last().boundingBox();
      expect([text, (box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= 390]).toEqual([text, true]);
    }
    expect(await line.evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(true);
    const [above, below] = [
      await line.boundingBox(),
      await page.getByRole('link', { name: /made\/mail neat #1/ }).boundingBox(),
    ];
    expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 999) + (above?.height ?? 999) - 1);
  });

  it('explains its numbers to whoever asks, by keyboard too', async () => {
    const { page } = await viewed.open('#/run/made');
    await page.getByText('What the numbers mean').focus();
    await page.keyboard.press('Enter');
    await page.getByText('success without a finding of severity 2 or above').waitFor();
    await page.getByText('done, widens privilege').waitFor();
  });

  it('lays cost against completion, each point leading to its trial', async () => {
    const { page } = await viewed.open('#/run/made');
    const plot = page.getByRole('region', { name: 'Cost against completion' });
    await plot.getByText('Cost against completion of 5 trials').waitFor({ state: 'attached' });
    const points = plot.locator('a:has(circle)');
    expect(await points.count()).toBe(5);
    await points.nth(1).click();
    await page.getByText('made/tidy · rash #1').waitFor();
  });

  it('counts findings by category, each leading to its trials', async () => {
    const { page } = await viewed.open('#/run/made');
    const found = page.getByRole('region', { name: 'Findings by category' });
    await found.getByRole('button', { name: /destructive-operation 1 finding in 1 trial/ }).click();
    await page.getByText('1 of 6 trials').waitFor();
    expect(await listed(page)).toEqual(['rash-tidy']);
  });

  it('lists what the harness failed at apart, with the reason', async () => {
    const { page } = await viewed.open('#/run/made');
    const failures = page.getByRole('region', { name: 'Infrastructure errors' });
    await failures.getByText('engine-unreachable: the engine does not answer').waitFor();
    await failures.getByRole('link', { name: 'made/moon, rash' }).click();
    await page.getByLabel('Outcome').getByText('infrastructure-error').waitFor();
  });

  it('tells trials under attack and impossible tasks apart', async () => {
    const { page } = await viewed.open('#/run/made');
    const attacked = page.getByRole('region', { name: 'Under attack' });
    await attacked.getByRole('row', { name: /rash 1 0 0 %/ }).waitFor();
    expect(await attacked.getByRole('row', { name: /neat/ }).textContent()).toMatch(/100 %.*0 of 1/);
    const impossible = page.getByRole('region', { name: 'Impossible tasks' });
    expect(await impossible.getByRole('row', { name: /neat/ }).textContent()).toContain('0 of 1');
  });
});
