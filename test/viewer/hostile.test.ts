import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Content } from '../../src/schema/content.ts';
import { browserFound, browserNote } from '../browser.ts';
import { beginTrial, writeMadeRun } from './made-run.ts';
import { type OpenPage, type Viewed, view } from './viewed.ts';

const attack = [
  '<script>document.title="owned"</script>',
  '<img src="http://evil.example/x.png" onerror="document.title=\'owned\'">',
  '</script><script>alert(1)</script>',
  '<iframe src="http://evil.example/"></iframe>',
  '[a link](javascript:alert(1)) http://evil.example/',
  '\u202Etxt.exe\u202C \u200B\u0000\u0007',
  '\u001b]8;;http://evil.example/\u0007click\u001b]8;;\u0007 \u001b[31mred\u001b[0m \u001b[8mhidden\u001b[0m',
].join('\n');
const tabNames = [
  'Calls',
  'Decided',
  'Saw',
  'Before / after',
  'Network',
  'Policy',
  'Scores',
  'Log',
  'Events',
];
const hugeLine = 'A'.repeat(3_000_000);
const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`);

const contents: Content[][] = [
  [{ type: 'text', text: attack }],
  [{ type: 'text', text: hugeLine }],
  [{ type: 'text', text: JSON.stringify({ '<b>name</b>': attack, __proto__: { polluted: 'yes' } }) }],
  [{ type: 'image', mimeType: 'image/svg+xml', data: svg.toString('base64') }],
  [{ type: 'image', mimeType: 'image/png" onerror="alert(1)', data: 'AAAA' }],
  [{ type: 'text', text: `${'z\u0301\u0302\u0303'.repeat(20_000)}` }],
];

function fill(dir: string): void {
  const runDir = join(dir, 'made');
  const trial = beginTrial(runDir, 'one');
  for (const content of contents) {
    trial.step({
      say: attack,
      request: attack,
      calls: [{ tool: attack, args: { [attack]: attack }, content }],
    });
  }
  writeMadeRun(runDir, { one: trial.end() });
}

describe.skipIf(!browserFound)(`a hostile trace${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view(fill);
  });
  afterAll(() => viewed?.close());

  async function expectUnharmed({ page, asked, troubles }: OpenPage): Promise<void> {
    expect(await page.title()).toBe('Proctor');
    expect(troubles).toEqual([]);
    expect(asked.filter((address) => !/^(http:\/\/127\.0\.0\.1:|data:)/.test(address))).toEqual([]);
    expect(await page.locator('iframe, img[src^="http"], script:not([src])').count()).toBe(0);
  }

  for (const [step] of contents.entries()) {
    it(`neither runs, loads nor breaks anything in step ${step}`, async () => {
      const opened = await viewed.open(`#/trial/made/one?step=${step}&tab=calls`);
      const { page } = opened;
      for (const tab of tabNames) {
        await page.getByRole('tab', { name: tab }).click();
        await page.locator('.tab').waitFor();
      }
      await page.waitForLoadState('networkidle');
      await expectUnharmed(opened);
      await page.close();
    });
  }

  it('shows what hides or turns text round', async () => {
    const { page } = await viewed.open('#/trial/made/one?step=0&tab=calls');
    await page.locator('.control', { hasText: 'U+202E' }).first().waitFor();
    await page.locator('.output').getByText('hidden').first().waitFor();
    expect(await page.locator('.tab a').count()).toBe(0);
  });

  it('shows the beginning of a line that never ends', async () => {
    const { page } = await viewed.open('#/trial/made/one?step=1&tab=calls');
    await page.getByRole('button', { name: /more characters on this line/ }).waitFor();
    await page.getByRole('button', { name: /Load more: 2\.7 MB of 3\.0 MB/ }).waitFor();
    const line = await page.locator('.output .line').first().textContent();
    expect(line?.length).toBeLessThan(3000);
  });
});
