import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const candidates = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executable = candidates.find((path) => path !== undefined && existsSync(path));

/** Whether tests may use a browser. With `PROCTOR_REQUIRE_BROWSER=1`, or in CI, its absence is a failure. */
export const browserFound = executable !== undefined;

/** Put into the names of tests that need a browser, so that a skip says why. */
export const browserNote = browserFound ? '' : ' (skipped: no Chromium; set CHROMIUM to its path)';

if (!browserFound && (process.env.PROCTOR_REQUIRE_BROWSER === '1' || process.env.CI)) {
  throw new Error('expected Chromium at /usr/bin/chromium or at the path in CHROMIUM');
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenBrowser {
  context: BrowserContext;
  close(): Promise<void>;
}

/** Starts a browser that knows nothing yet. */
export async function openBrowser(
  options: Parameters<typeof chromium.launchPersistentContext>[1] = {},
): Promise<OpenBrowser> {
  if (executable === undefined) throw new Error('no browser');
  const profile = mkdtempSync(join(tmpdir(), 'proctor-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless: true,
    args: flags,
    viewport: { width: 1360, height: 860 },
    ...options,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
