import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { call, type Reply } from '../model-server/reply.ts';
import { startModelServer } from '../model-server/server.ts';
import type { Figure } from './figure.ts';
import { peakOf } from './memory.ts';
import { benchTask } from './trials.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** Milliseconds that the model takes for a decision, and how many decisions a trial has. */
const [latencyMs, decisions] = [2000, 5];

interface Amount {
  attempts: number;
  concurrency: number;
  latencyMs: number;
}

interface Spent {
  ms: number;
  cpuMs: number;
  peakMb: number;
}

/**
 * A thousand trials at a time in one process, with a model that takes two seconds: tasks that have host tools only, and one whose agent has
 * the embedded shell. The floor is what can't be undercut: the model's time, or the CPU that these trials take four at a time.
 */
export async function measureMany(): Promise<Figure[]> {
  const suites = [
    { name: 'support-desk', path: 'support-desk', tasks: 16, attempts: 63 },
    { name: 'embedded shell', path: benchTask('calls'), tasks: 1, attempts: 1000 },
  ];
  const figures: Figure[] = [];
  for (const { name, path, tasks, attempts } of suites) {
    const few = Math.ceil(48 / tasks);
    const alone = await spentBy(path, { attempts: few, concurrency: 4, latencyMs: 0 });
    const ours = await spentBy(path, { attempts, concurrency: 1000, latencyMs });
    const cpuMs = (alone.cpuMs * attempts) / few;
    figures.push(
      {
        name: `${tasks * attempts} ${name} trials, 1000 at a time`,
        unit: 'ms',
        ours: [ours.ms],
        floor: [Math.max(latencyMs * decisions, cpuMs)],
        target: 'ratio < 3',
      },
      { name: '… their CPU time', unit: 'ms', ours: [ours.cpuMs], floor: [cpuMs] },
      { name: '… peak memory', unit: 'MB', ours: [ours.peakMb], target: '< 4000' },
    );
  }
  return figures;
}

/** Runs trials by the command line in a process of its own. */
async function spentBy(path: string, amount: Amount): Promise<Spent> {
  const model = await startModelServer(async ({ messages, tools = [] }) => {
    await sleep(amount.latencyMs);
    return decisionOf(
      messages.filter(({ role }) => role === 'assistant').length,
      tools.map(({ function: { name } }) => name),
    );
  });
  const out = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const flags = ['--sandbox', 'embedded', '--agent', 'openai:bench', '--json', '--out', out];
  const counts = ['--attempts', String(amount.attempts), '--concurrency', String(amount.concurrency)];
  const begun = performance.now();
  const child = spawn(process.execPath, [cli, 'run', path, ...flags, ...counts], {
    env: { ...process.env, OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'sk-none' },
    stdio: 'ignore',
  });
  let peakMb = 0;
  let cpuMs = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child.pid));
    cpuMs = Math.max(cpuMs, cpuOf(child.pid));
  }, 100);
  const [code] = await once(child, 'exit');
  clearInterval(watch);
  const ms = performance.now() - begun;
  await model.close();
  rmSync(out, { recursive: true, force: true });
  if (code !== 0) throw new Error(`${path}: a run ended with exit code ${code}`);
  return { ms, cpuMs, peakMb };
}

function decisionOf(step: number, tools: readonly string[]): Reply {
  if (step >= decisions - 1) return call('submit');
  if (!tools.includes('bash')) return call('find_customer', { query: `a${step}` });
  return call('bash', { command: `echo line ${step} >> notes.txt; cat notes.txt` });
}

/** Milliseconds of CPU that a process has used so far; 0 where the system does not tell or it is gone. */
function cpuOf(pid: number | undefined): number {
  try {
    const [user, system] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    return (Number(user) + Number(system)) * 10;
  } catch {
    return 0;
  }
}
