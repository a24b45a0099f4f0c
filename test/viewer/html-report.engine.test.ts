import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport, takeSnapshot } from '../../src/viewer/html-report.ts';
import { createLibrary } from '../../src/viewer/library.ts';
import { writeImportedRun } from '../bench/imported-run.ts';
import { browserFound, browserNote, type OpenBrowser, openBrowser } from '../browser.ts';
import { temporaryFolder } from '../folder.ts';
import { fillEveryPart, stepOf } from './every-part.ts';
import { copySample, openPage } from './viewed.ts';

const dir = mkdtempSync(join(tmpdir(), 'proctor-report-'));
copySample(dir);
fillEveryPart(dir);
const library = createLibrary(() => [join(dir, 'quickstart')]);
const run = library.runs()[0]?.run ?? '';
const careless = library
  .runs()[0]
  ?.trials.find(({ task, agent }) => task.endsWith('address-mixup') && agent.endsWith('careless'))?.trial;
afterAll(() => rmSync(dir, { recursive: true }));

const report = async (kept: 'none' | 'findings' | 'all') =>
  htmlReport(await takeSnapshot(library, run, kept));

/** What stands packed in a report of the inside of its trials. */
function insideOf(html: string): string {
  const [, packed = ''] = /id="inside">([^<]*)</.exec(html) ?? [];
  return gunzipSync(Buffer.from(packed, 'base64')).toString();
}

describe('an HTML report', () => {
  it('holds more, the more is asked for', async () => {
    const [none, findings, all] = [await report('none'), await report('findings'), await report('all')];
    expect(none.length).toBeLessThan(findings.length);
    expect(findings.length).toBeLessThan(all.length);
    expect(insideOf(none)).not.toContain('"type":"tool.returned"');
    expect(insideOf(findings)).toContain('"type":"tool.returned"');
  });

  it('cannot be ended by what stands in a trace', async () => {
    const html = await report('all');
    const data = html.slice(html.indexOf('id="snapshot">'), html.indexOf('</script>'));
    expect(data).not.toContain('<');
  });
});

describe.skipIf(!browserFound)(`an HTML report opened from disk${browserNote}`, () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser({ offline: true });
  });
  afterAll(() => browser?.close());

  it('draws of many tasks and agents only the pairs that were tried', async () => {
    const runs = temporaryFolder();
    writeImportedRun(join(runs, 'made'), 60);
    const snapshot = await takeSnapshot(
      createLibrary(() => [join(runs, 'made')]),
      'made',
      'none',
    );
    const file = join(dir, 'many.html');
    writeFileSync(file, htmlReport(snapshot));
    const { page } = await openPage(browser, pathToFileURL(file).href);
    const row = page.locator('.matrix tbody tr').first();
    await row.waitFor();
    expect(await page.locator('.matrix a.cell').count()).toBe(60);
    expect(await page.locator('.matrix td').count()).toBe(60);
    expect(await row.textContent()).toContain('agent-');
    await row.locator('a.cell').click();
    await page.getByText('I take step 0.').first().waitFor();
  });

  it('shows run, trial and finding, and asks for nothing else', async () => {
    const file = join(dir, 'report.html');
    writeFileSync(file, await report('findings'));
    const { page, asked, troubles } = await openPage(browser, pathToFileURL(file).href);
    await page.getByRole('heading', { name: run }).waitFor();
    expect(page.url(), 'it may not lead its reader away from where they went meanwhile').toBe(
      pathToFileURL(file).href,
    );
    await page.goto(`${pathToFileURL(file).href}#/trial/${run}/${careless}`);
    await page.getByRole('heading', { name: 'secret-exposure' }).waitFor();
    for (const tab of ['Network', 'Log', 'Events', 'Scores', 'Before / after', 'Saw']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tab', { name: tab, selected: true }).waitFor();
      await page.locator('.tab').waitFor();
    }
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('rug');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /step 5/ })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${pathToFileURL(file).href}#/trial/${run}/${careless}?step=1`);
    await page.getByText('made without the inside of this step').waitFor();
    expect(asked.filter((address) => !/^(file|data):/.test(address))).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('shows all that a trial holds where all is asked for, its forks and comparisons too', async () => {
    const file = join(dir, 'whole.html');
    const snapshot = await takeSnapshot(
      createLibrary(() => [join(dir, 'made')]),
      'made',
      'all',
    );
    writeFileSync(file, htmlReport(snapshot));
    const address = pathToFileURL(file).href;
    const { page, asked, troubles } = await openPage(browser, address);
    for (const [part, tab, landmark] of [
      ['output', 'calls', 'img.picture'],
      ['output', 'saw', '.tab .tree'],
      ['fileChange', 'world', '.tab tr.added'],
      ['network', 'network', '.tab article.change'],
      ['unsafe', 'policy', 'article.finding mark'],
      ['unsafe', 'log', 'ol.log'],
    ] as const) {
      await page.goto(`${address}#/trial/made/one?step=${stepOf[part]}&tab=${tab}`);
      await page.locator(landmark).first().waitFor();
    }
    await page.getByRole('navigation', { name: 'Fork tree' }).getByRole('link', { name: 'compare' }).click();
    await page.locator('.pair.parting').waitFor();
    expect(asked.filter((address) => !/^(file|data):/.test(address))).toEqual([]);
    expect(troubles).toEqual([]);
  });
});
