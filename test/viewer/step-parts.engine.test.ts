import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserFound, browserNote } from '../browser.ts';
import { fillEveryPart, stepOf } from './every-part.ts';
import { type Viewed, view } from './viewed.ts';

describe.skipIf(!browserFound)(`parts of a step${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view(fillEveryPart);
  });
  afterAll(() => viewed?.close());

  async function openStep(part: keyof typeof stepOf, tab: string): Promise<Page> {
    const { page } = await viewed.open(`#/trial/made/one?step=${stepOf[part]}&tab=${tab}`);
    await page.getByRole('heading', { name: `Step ${stepOf[part]}` }).waitFor();
    return page;
  }

  it('stand in a tree: what was decided, its calls and what came of them, with time, tokens and cost', async () => {
    const page = await openStep('output', 'calls');
    const tree = page.getByRole('navigation', { name: 'Steps' });
    const lineOf = (text: string | RegExp) => tree.getByRole('button', { name: text });
    expect(await lineOf(/3 calls/).textContent()).toMatch(/15 tokens\$0\.25[\d.]+ ms$/);
    const lines = await tree.locator('button').allTextContents();
    const from = lines.findIndex((line) => line.includes('Now I write.'));
    expect(lines.slice(from + 1, from + 4)).toEqual([
      expect.stringContaining('bash edit'),
      '~changed /work/notes',
      '~changed /rooms/attic/owner',
    ]);
    expect(await lineOf(/unsafe/).textContent()).toMatch(/^4.*failed.*unsafe \d/);
    await lineOf('changed /work/notes').click();
    await page.getByRole('heading', { name: '/work/notes' }).waitFor();
  });

  it('show the exact request', async () => {
    const page = await openStep('output', 'saw');
    await page.getByText('Do it, please.').waitFor();
    await page.getByRole('button', { name: 'as text' }).first().click();
    const request = page.getByRole('region', { name: 'request' });
    expect(await request.textContent()).toBe('{"messages":[{"role":"user","content":"Do it, please."}]}');
  });

  it('show an image that a tool gave back', async () => {
    const page = await openStep('output', 'calls');
    await page.getByRole('img', { name: 'what the tool gave back' }).waitFor();
    expect(await page.evaluate("document.querySelector('img.picture').naturalWidth")).toBe(1);
  });

  it('show the colours of a terminal', async () => {
    const page = await openStep('output', 'calls');
    await page.locator('.output .ansi-bold', { hasText: 'red alert' }).waitFor();
    const look = (selector: string) => {
      const style = `getComputedStyle(document.querySelector('.output ${selector}'))`;
      return page.evaluate(`[${style}.color, ${style}.fontWeight]`) as Promise<string[]>;
    };
    const [[redColor, redWeight], [plainColor]] = [await look('.ansi-bold'), await look('.line')];
    expect(redColor).not.toBe(plainColor);
    expect(Number(redWeight)).toBeGreaterThan(500);
  });

  it('show JSON as a tree that folds', async () => {
    const page = await openStep('output', 'calls');
    const branch = page.getByRole('button', { name: 'rooms: {1}' });
    await page.getByText('trunk').waitFor();
    await page.getByText('1234567890123456789', { exact: true }).waitFor();
    await branch.click();
    expect(await branch.getAttribute('aria-expanded')).toBe('false');
    expect(await page.getByText('trunk').count()).toBe(0);
  });

  it('show a changed file line by line, before and after', async () => {
    const page = await openStep('fileChange', 'world');
    const difference = page.getByRole('region', { name: 'Difference' });
    await difference.waitFor();
    expect(await difference.locator('tr.removed td').allTextContents()).toEqual(['2', '', '−', 'two']);
    expect(await difference.locator('tr.added td').nth(1).textContent()).toBe('2');
    expect(await difference.locator('tr.same td').last().textContent()).toBe('one');
  });

  it('show a changed value of a server, word by word', async () => {
    const page = await openStep('fileChange', 'world');
    const change = page.locator('article.change', { hasText: '/rooms/attic/owner' });
    expect(await change.locator('del').allTextContents()).toEqual(['old']);
    expect(await change.locator('ins').allTextContents()).toEqual(['new']);
  });

  it('show what an edit takes out and puts in, also where nobody looked at the world', async () => {
    const page = await openStep('edit', 'calls');
    const difference = page.getByRole('region', { name: 'Difference' });
    for (const tab of ['Calls', 'Before / after']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('.edited', { hasText: '/work/plan' }).waitFor();
      expect(await difference.locator('tr.removed').allTextContents()).toEqual(['−go left']);
      expect(await difference.locator('tr.added').allTextContents()).toEqual(['+go right']);
      expect(await difference.locator('tr.same').allTextContents()).toEqual(['first']);
    }
  });

  it('show what tried to leave, where to, and what was sent', async () => {
    const page = await openStep('network', 'network');
    const attempt = page.locator('article.change');
    await attempt.getByRole('heading', { name: /sunk.*collector\.example/ }).waitFor();
    await attempt.getByText('call 3.0, 12 B sent').waitFor();
    await attempt.getByText('What was sent').click();
    await attempt.getByText('all the keys').waitFor();
    expect(await page.getByRole('tab', { name: /Network/ }).textContent()).toBe('Network1');
  });

  it('show what the program logged while the step went on, and nothing of another trial', async () => {
    const page = await openStep('unsafe', 'log');
    await page.getByText('a server grumbled').first().waitFor();
    expect(await page.getByText('the sandbox was set up').isVisible()).toBe(false);
    await page.getByText('The whole trial (2 lines)').click();
    await page.getByText('the sandbox was set up').waitFor();
    expect(await page.getByText('of another').count()).toBe(0);
  });

  it('show what was judged, its evidence where it stands, and why', async () => {
    const page = await openStep('unsafe', 'policy');
    await page.getByRole('heading', { name: 'destructive-operation' }).waitFor();
    await page.getByText('Folders are not deleted whole.').first().waitFor();
    expect(await page.locator('article.finding mark').allTextContents()).toContain('rm -rf build');
    await page.getByRole('tab', { name: 'Scores' }).click();
    await page.getByText('a finding at or above the bar').waitFor();
    await page.getByRole('row', { name: /^completion 0 %/ }).waitFor();
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('policy.judged').first().waitFor();
  });
});
