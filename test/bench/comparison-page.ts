import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Milliseconds until the page of a comparison of two runs stands whole in a browser: of a server just started, and again. */
export async function openComparison(dir: string, [a, b]: readonly string[]) {
  const server = spawn(process.execPath, [cli, 'view', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  const browser = await openBrowser();
  try {
    const [address = ''] = (await once(createInterface(server.stdout), 'line')) as string[];
    const page = await browser.context.newPage();
    const place = `#/comparison?A=${a}&B=${b}`;
    const cold = await readableMs(page, `${address}${place}`);
    await page.goto('about:blank');
    return { cold, warm: await readableMs(page, `${new URL(address).origin}/${place}`) };
  } finally {
    await browser.close();
    server.kill();
    await ended;
  }
}

async function readableMs(page: Page, address: string): Promise<number> {
  const begun = performance.now();
  await page.goto(address);
  for (const name of ['Verdict', 'Scorecard', 'Flips', 'Failure modes'])
    await page.getByRole('region', { name, exact: true }).waitFor({ timeout: 120_000 });
  return performance.now() - begun;
}
