import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { chooseRuns } from '../../src/viewer/library.ts';
import { type ServeOptions, serveLibrary, type ViewServer } from '../../src/viewer/server.ts';
import { type OpenBrowser, openBrowser } from '../browser.ts';

/** A folder of runs that a browser looks at. */
export interface Viewed {
  dir: string;
  server: ViewServer;
  browser: OpenBrowser;
  /** A page at this place, such as `#/run/<run>`; what it loaded, said and threw is noted. */
  open(hash: string): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  page: Page;
  /** Addresses of everything it asked for. */
  asked: string[];
  /** What was thrown in it or refused to it. */
  troubles: string[];
}

/** Serves what `fill` puts into a new folder. */
export async function view(fill: (dir: string) => void, options: ServeOptions = {}): Promise<Viewed> {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-viewed-'));
  fill(dir);
  const server = await serveLibrary(chooseRuns(undefined, dir, { mayBeEmpty: true }).library, options);
  const browser = await openBrowser();
  return {
    dir,
    server,
    browser,
    open: (hash) => openPage(browser, `${server.url}${hash}`),
    async close() {
      await browser.close();
      await server.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** The sample that ships with the repository. */
export const sampleRun = 'traces/sample/quickstart';

export function copySample(dir: string): void {
  cpSync(sampleRun, join(dir, 'quickstart'), { recursive: true });
}

export async function openPage(browser: OpenBrowser, address: string): Promise<OpenPage> {
  const page = await browser.context.newPage();
  const asked: string[] = [];
  const troubles: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(address);
  return { page, asked, troubles };
}
