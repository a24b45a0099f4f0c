import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scoreTrace } from '../../src/scored-trace.ts';
import { browserFound } from '../browser.ts';
import { openComparison } from './comparison-page.ts';
import type { Figure } from './figure.ts';
import { writeImportedRun } from './imported-run.ts';
import { peakOf } from './memory.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const rounds = 3;
const trials = 1000;
const tasks = 250;

/** Two agents with 1,000 scored trials of 20 calls each, over 250 tasks: time and peak memory of `proctor compare`, and time to the page. */
export async function measureComparing(): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const runs = ['one', 'another'].map((agent) => join(dir, agent));
  const took: number[] = [];
  const peaks: number[] = [];
  const opened: Awaited<ReturnType<typeof openComparison>>[] = [];
  try {
    for (const [at, run] of runs.entries()) {
      writeImportedRun(run, trials, { agent: at === 0 ? 'one' : 'another', tasks });
      for (let index = 0; index < trials; index++) scoreTrace(join(run, `t${index}`));
    }
    for (let round = 0; round < rounds; round++) {
      const begun = performance.now();
      peaks.push(await peakOfComparing(runs));
      took.push(performance.now() - begun);
      if (browserFound) opened.push(await openComparison(dir, ['one', 'another']));
    }
    if (!browserFound) console.log('comparing: the page is not measured, since there is no browser');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  const figureOf = (name: string, which: 'cold' | 'warm'): Figure => ({
    ...{ name, unit: 'ms', target: '< 2000' },
    ours: opened.map((one) => one[which]),
  });
  const what = `comparing ${trials} with ${trials} scored trials`;
  return [
    { name: what, unit: 'ms', ours: took, target: '< 10000' },
    { name: '… its peak memory', unit: 'MB', ours: peaks, target: '< 1000' },
    ...(opened.length > 0
      ? [figureOf('… its page in a browser', 'cold'), figureOf('… its page once more', 'warm')]
      : []),
  ];
}

async function peakOfComparing(runs: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [cli, 'compare', ...runs, '--json'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 20);
  const [code] = await once(child, 'exit');
  clearInterval(watch);
  if (code !== 0) throw new Error(`comparing ended with exit code ${code}`);
  return peak;
}
