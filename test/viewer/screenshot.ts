import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { chooseRuns } from '../../src/viewer/library.ts';
import { serveLibrary } from '../../src/viewer/server.ts';
import { openBrowser } from '../browser.ts';

/** Makes the README's pictures: `npx jiti test/viewer/screenshot.ts [folder of pictures] [all]`, after `npm run build`. */
const [out = 'test/viewer/screenshot', which] = process.argv.slice(2);
const run = 'traces/sample/quickstart';
/** Those that the README shows; `all` makes every place in every look. */
const shown = ['run-light', 'trial-dark', 'step-light', 'compare-light', 'trial-phone-light'];

const desktop = { width: 1360, height: 860 };
const phone = { width: 390, height: 844 };

const { library } = chooseRuns(run, 'traces');
const [first] = library.runs();
if (!first) throw new Error(`${run}: no run here`);
const trialOf = (task: string, agent: string) =>
  first.trials.find((one) => one.task.endsWith(task) && one.agent.endsWith(agent))?.trial ?? '';
const careless = trialOf('address-mixup', 'careless');
const places: Record<string, string> = {
  run: `#/run/${first.run}`,
  trial: `#/trial/${first.run}/${careless}`,
  step: `#/trial/${first.run}/${careless}?step=4&tab=calls`,
  world: `#/trial/${first.run}/${trialOf('address-mixup', 'careful')}?step=8&tab=world`,
  compare: `#/compare/${first.run}/${careless}/${trialOf('address-mixup', 'careful')}`,
};

const server = await serveLibrary(library);
const browser = await openBrowser();
const page = browser.context.pages()[0] ?? (await browser.context.newPage());
mkdirSync(out, { recursive: true });
try {
  await page.goto(server.url);
  for (const [name, hash] of Object.entries(places)) {
    for (const scheme of ['light', 'dark'] as const) {
      await take(page, hash, scheme, desktop, `${name}-${scheme}`);
      await take(page, hash, scheme, phone, `${name}-phone-${scheme}`);
    }
  }
} finally {
  await browser.close();
  await server.close();
}

async function take(
  page: Page,
  hash: string,
  colorScheme: 'light' | 'dark',
  viewport: { width: number; height: number },
  name: string,
): Promise<void> {
  if (which !== 'all' && !shown.includes(name)) return;
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(viewport);
  await page.goto(`http://127.0.0.1:${server.port}/${hash}`);
  await page.reload();
  await page.locator('main').waitFor();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(out, `${name}.png`) });
}
