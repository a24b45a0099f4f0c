import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import { benchTask } from './trials.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Peak memory of one `proctor run` with so many embedded trials at the same time, each of which uses jq, sqlite3 and Python. */
export async function measureMemory(trials: number): Promise<Figure[]> {
  const out = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const flags = ['--sandbox', 'embedded', '--agent', 'oracle', '--json', '--out', out];
  const amount = ['--attempts', String(trials), '--concurrency', String(trials), '--fail-under', '1'];
  const child = spawn(process.execPath, [cli, 'run', benchTask('interpreters'), ...flags, ...amount], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 50);
  const [code] = await once(child, 'exit');
  clearInterval(watch);
  rmSync(out, { recursive: true, force: true });
  if (code !== 0) throw new Error(`a run of ${trials} embedded trials ended with exit code ${code}`);
  return [
    {
      name: `peak memory, ${trials} embedded trials at a time`,
      unit: 'MB',
      ours: [peak],
      target: '< 4000 MB',
    },
    { name: '… of it per trial', unit: 'MB', ours: [peak / trials] },
  ];
}

/** Megabytes a process has held at most; 0 where the system does not tell or it is gone. */
export function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
