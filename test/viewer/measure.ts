import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';

/** Measures the viewer: `npx jiti test/viewer/measure.ts <folder of runs> <run, named like its folder> [trial]`, after `npm run build`. */
const [dir = '', run = '', trial] = process.argv.slice(2);

const server = spawn(
  process.execPath,
  ['dist/cli.js', 'view', [dir, run, ...(trial === undefined ? [] : [trial])].join('/')],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
const [address = ''] = await new Promise<string[]>((resolve) => {
  createInterface(server.stdout).once('line', (line) => resolve([line]));
});
const browser = await openBrowser();
const page = await browser.context.newPage();
try {
  await page.goto(address);
  const place = trial === undefined ? `#/run/${run}` : `#/trial/${run}/${trial}`;
  for (const round of ['cold', 'warm']) print(`readable (${round})`, await readableMs(page, place));
  const list = trial === undefined ? '.trials nav' : '.steps';
  print('95th percentile of frames while scrolling', await scrollFrame(page, list));
  if (trial !== undefined) print('a step chosen', await chosenMs(page));
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  for (const name of ['VmRSS', 'VmHWM']) print(`server ${name}`, status.match(`${name}:\\s+(.*)`)?.[1] ?? '');
} finally {
  await browser.close();
  server.kill();
}

async function readableMs(page: Page, place: string): Promise<string> {
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto(`${new URL(address).origin}/${place}`);
  await page
    .locator(trial === undefined ? '.trial-line' : '.pane .tab')
    .first()
    .waitFor();
  const readable = performance.now() - began;
  await page
    .locator(trial === undefined ? '.trial-line' : '.steps .step')
    .first()
    .waitFor();
  return `${Math.round(readable)} ms, the list after ${Math.round(performance.now() - began)} ms`;
}

/** Scrolls for three seconds and looks at how long frames took. */
async function scrollFrame(page: Page, list: string): Promise<string> {
  const frames = (await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector(${JSON.stringify(list)});
    const frames = [];
    let last = performance.now();
    const began = last;
    const frame = (now) => {
      frames.push(now - last);
      last = now;
      box.scrollTop += 400;
      if (now - began < 3000) requestAnimationFrame(frame);
      else resolve(frames);
    };
    requestAnimationFrame(frame);
  })`)) as number[];
  frames.sort((a, b) => a - b);
  return `${frames[Math.floor(frames.length * 0.95)]?.toFixed(1)} ms of ${frames.length} frames`;
}

async function chosenMs(page: Page): Promise<string> {
  const began = performance.now();
  await page.goto(`${page.url().split('?')[0]}?step=9000`);
  await page.getByRole('heading', { name: 'Step 9000' }).waitFor();
  return `${Math.round(performance.now() - began)} ms`;
}

function print(name: string, value: string): void {
  process.stdout.write(`${name}: ${value}\n`);
}
