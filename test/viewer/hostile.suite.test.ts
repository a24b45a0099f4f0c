import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Content } from '../../src/schema/content.ts';
import { logFile } from '../../src/trace/location.ts';
import { htmlReport, takeSnapshot } from '../../src/viewer/html-report.ts';
import { chooseRuns } from '../../src/viewer/library.ts';
import { browserFound, browserNote } from '../browser.ts';
import { beginTrial, type MadeTrial, writeMadeRun } from './made-run.ts';
import { type OpenPage, openPage, type Viewed, view } from './viewed.ts';

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

const rule = {
  id: 'everything',
  category: 'policy-violation',
  message: attack,
  tool: '*',
  when: 'true',
  effect: 'send',
  reversible: false,
};

/** Puts the attack wherever a trace holds text that an agent, a task or the world wrote. */
function fill(dir: string): void {
  const runDir = join(dir, 'made');
  const heads = ['one', 'two'].map((name) => {
    const parent = name === 'two' ? { parent: { trace: 'made/one', step: 0 } } : {};
    const trial = beginTrial(runDir, name, {
      agent: attack,
      rules: [rule],
      task: { name: attack, tags: [attack] },
      ...parent,
    });
    for (const [step, content] of contents.entries()) {
      trial.step({
        say: `${attack} ${name}`,
        request: attack,
        calls: [{ tool: attack, args: { [attack]: attack }, content, isError: step === 0 }],
      });
      disturb(trial, step);
    }
    return [name, trial.end({ outcome: 'infrastructure-error', error: { code: 'broken', message: attack } })];
  });
  writeMadeRun(runDir, Object.fromEntries(heads));
  const lines = ['one', 'two'].map((trial) => ({
    level: 40,
    time: Date.now(),
    trial,
    msg: attack,
    [attack]: attack,
  }));
  writeFileSync(join(runDir, logFile), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function disturb({ writer }: MadeTrial, step: number): void {
  const { bodies } = writer;
  const digest = '1'.repeat(64);
  const entry = { type: 'file', mode: '644', size: 8, sha256: digest };
  writer.append({
    type: 'state.observed',
    step,
    digest,
    changed: 3,
    changes: bodies.json([
      { path: attack, op: 'created', after: entry },
      { path: `/text/${attack}`, op: 'changed', before: attack, after: `${attack} ${attack}` },
      { path: '/tree', op: 'changed', before: {}, after: { [attack]: attack } },
    ]),
    contents: { [digest]: bodies.text(`${attack}\n${hugeLine}`) },
    durationMs: 1,
  });
  writer.append({
    type: 'network.attempted',
    step,
    callId: `${step}.0`,
    attempt: { protocol: 'http', verdict: 'sunk', host: attack, path: attack, method: attack, size: 9 },
    payload: bodies.text(attack),
  });
}

describe.skipIf(!browserFound)(`a hostile trace${browserNote}`, () => {
  let viewed: Viewed;
  beforeAll(async () => {
    viewed = await view(fill);
  });
  afterAll(() => viewed?.close());

  async function expectUnharmed({ page, asked, troubles }: OpenPage): Promise<void> {
    await page.waitForLoadState('networkidle');
    expect(await page.title()).toMatch(/Proctor$/);
    expect(troubles).toEqual([]);
    expect(asked.filter((address) => !/^(http:\/\/127\.0\.0\.1:|file:|data:)/.test(address))).toEqual([]);
    const planted =
      'iframe, img[src^="http"], script:not([src], #snapshot, #inside, [type="module"]), a[href*=":"]';
    expect(await page.locator(planted).count()).toBe(0);
    expect(await page.getByRole('alert').count()).toBe(0);
    const { width } = page.viewportSize() ?? { width: 0 };
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }

  async function walkTabs(opened: OpenPage): Promise<void> {
    for (const tab of tabNames) {
      await opened.page.getByRole('tab', { name: tab }).click();
      await opened.page.getByRole('tab', { name: tab, selected: true }).waitFor();
      await opened.page.evaluate(
        "document.querySelectorAll('.tab details').forEach((one) => { one.open = true; })",
      );
      await expectUnharmed(opened);
    }
  }

  for (const [step] of contents.entries()) {
    it(`neither runs, loads nor breaks anything in any tab of step ${step}`, async () => {
      const opened = await viewed.open(`#/trial/made/one?step=${step}&tab=calls`);
      await walkTabs(opened);
      await opened.page.close();
    });
  }

  for (const [name, hash, landmark] of [
    ['the runs', '', 'main.runs'],
    ['its run', '#/run/made', '.trial-line'],
    [
      'its run, sorted and filtered',
      `#/run/made?sort=severity&tag=${encodeURIComponent(attack)}`,
      '.trial-line',
    ],
    ['its fork tree', '#/trial/made/two', '.lineage'],
    ['a comparison', '#/compare/made/one/two', '.pair'],
    ['a search', `#/trial/made/one?q=${encodeURIComponent('<script>')}`, '.pane mark'],
  ] as const) {
    it(`does no more on the page of ${name}`, async () => {
      const opened = await viewed.open(hash);
      await opened.page.locator(landmark).first().waitFor();
      await expectUnharmed(opened);
      await opened.page.setViewportSize({ width: 390, height: 844 });
      await expectUnharmed(opened);
      await opened.page.close();
    });
  }

  it('does no more among what a search finds', async () => {
    const opened = await viewed.open('#/trial/made/one');
    await opened.page.locator('.pane').waitFor();
    await opened.page.keyboard.press('/');
    await opened.page.getByRole('searchbox').fill('evil.example');
    await opened.page.locator('.hits mark').first().waitFor();
    await expectUnharmed(opened);
    await opened.page.close();
  });

  it('does no more in a report that is opened from disk', async () => {
    const file = join(viewed.dir, 'report.html');
    const { library } = chooseRuns(viewed.dir, viewed.dir);
    writeFileSync(file, htmlReport(await takeSnapshot(library, 'made', 'all')));
    const opened = await openPage(viewed.browser, `${pathToFileURL(file).href}#/run/made`);
    await opened.page.locator('.trial-line').first().waitFor();
    await expectUnharmed(opened);
    await opened.page.goto(`${pathToFileURL(file).href}#/trial/made/one?step=0&tab=calls`);
    await walkTabs(opened);
    await opened.page.close();
  });

  it('shows what hides or turns text round', async () => {
    const { page } = await viewed.open('#/trial/made/one?step=0&tab=calls');
    await page.locator('.control', { hasText: 'U+202E' }).first().waitFor();
    await page.locator('.output').getByText('hidden').first().waitFor();
  });

  it('shows the beginning of a line that never ends', async () => {
    const { page } = await viewed.open('#/trial/made/one?step=1&tab=calls');
    await page.getByRole('button', { name: /more characters on this line/ }).waitFor();
    await page.getByRole('button', { name: /Load more: 2\.7 MB of 3\.0 MB/ }).waitFor();
    const line = await page.locator('.output .line').first().textContent();
    expect(line?.length).toBeLessThan(3000);
  });
});
