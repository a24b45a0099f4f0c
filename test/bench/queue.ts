import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue } from '../../src/library/queue/open-queue.ts';
import { claimTrial, commitTrial, renewLeases } from '../../src/queue/lease.ts';
import { planRun } from '../../src/queue/plan.ts';
import { sumsOf } from '../../src/queue/status.ts';
import { listWorkers } from '../../src/queue/workers.ts';
import { cli } from '../cli/proctor.ts';
import { storm, stormSuite } from '../library/queue/storm.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../queue/postgres.ts';
import type { Figure } from './figure.ts';
import { peakOf } from './memory.ts';

/** What a queue costs, and how far more workers reach. */
export async function measureQueue(): Promise<Figure[]> {
  if (!postgres) return noPostgres();
  const server = await startPostgres();
  const suite = stormSuite();
  try {
    return [
      await costOfTrial(server, 1000),
      await costOfTrial(server, 100_000),
      ...(await planAndList(server, suite)),
      ...(await throughput(server, suite)),
    ];
  } finally {
    await server.stop();
    rmSync(suite, { recursive: true, force: true });
  }
}

function noPostgres(): [] {
  console.log(`queue: not measured${postgresNote}`);
  return [];
}

/** One claim, one renewal and one commit, with so many trials waiting. */
async function costOfTrial(server: PostgresServer, waiting: number): Promise<Figure> {
  const database = await openQueue(await server.database());
  try {
    const trials = function* () {
      for (let at = 0; at < waiting; at++)
        yield { trial: `t${at}`, task: 'bench', agent: 'nop', attempt: at + 1, needs: ['sandbox:embedded'] };
    };
    await planRun(database, { run: 'bench', document: {}, manifest: {}, maxTries: 3 }, trials);
    const claimant = { worker: 'bench', offers: ['sandbox:embedded'], leaseSeconds: 30 };
    const ours: number[] = [];
    for (let count = 0; count < 300; count++) {
      const began = performance.now();
      const held = await claimTrial(database, claimant);
      if (!held) throw new Error('nothing is left to claim');
      await renewLeases(database, claimant, [held]);
      const { trial, task, agent, attempt } = held;
      const entry = {
        trial,
        task,
        agent,
        attempt,
        dir: trial,
        status: 'ended',
        outcome: 'submitted',
      } as const;
      await commitTrial(database, held, [entry]);
      ours.push(performance.now() - began);
    }
    const name = `claim, renew and commit, ${waiting.toLocaleString('en')} waiting`;
    return { name, unit: 'ms', ours, target: 'under 10' };
  } finally {
    await database.close();
  }
}

/** The memory of the commands that plan 100,000 trials and list them again. */
async function planAndList(server: PostgresServer, suite: string): Promise<Figure[]> {
  const queue = await server.database();
  const out = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  try {
    const planned = await peaking([
      ...['run', suite, '--agent', 'scripted:wrong', '-n', '20000', '--sandbox', 'embedded', '--out', out],
      ...['--queue', queue, '--store', join(out, '.store'), '--detach'],
    ]);
    const [run = ''] = planned.stdout.split(' ');
    await peaking(['cancel', run, '--queue', queue]);
    const listed = await peaking(['attach', run, '--queue', queue, '--out', out]);
    return [
      { name: '100,000 trials planned', unit: 'MB', ours: [planned.peakMb], target: 'under 500' },
      { name: '100,000 trials listed', unit: 'MB', ours: [listed.peakMb], target: 'under 500' },
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function peaking(args: readonly string[]): Promise<{ stdout: string; peakMb: number }> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  let peakMb = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  const looking = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child.pid ?? 0));
  }, 20);
  await once(child, 'close');
  clearInterval(looking);
  return { stdout, peakMb };
}

/** Trials of two decisions in the embedded sandbox, by so many worker processes of two hands each. */
async function throughput(server: PostgresServer, suite: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of [1, 2, 4, 8]) {
    const queue = await server.database();
    const out = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
    const database = await openQueue(queue);
    const workers = Array.from({ length: count }, (_, at) =>
      spawn(
        process.execPath,
        [
          ...[cli, 'worker', '--queue', queue, '--sandbox', 'embedded', '--capacity', '2'],
          ...['--work', join(out, `.work-${at}`)],
        ],
        { stdio: 'ignore' },
      ),
    );
    try {
      while ((await listWorkers(database)).length < count) await sleep(50);
      const { stdout } = await peaking([
        ...['run', suite, '--agent', 'scripted:wrong', '-n', '40', '--sandbox', 'embedded', '--out', out],
        ...['--queue', queue, '--store', join(out, '.store'), '--detach'],
      ]);
      const [run = ''] = stdout.split(' ');
      const committed = async () => (await sumsOf(database, run)).committed;
      while ((await committed()) === 0) await sleep(20);
      const [began, before] = [performance.now(), await committed()];
      while ((await committed()) < 200) await sleep(20);
      const ours = [(1000 * (200 - before)) / (performance.now() - began)];
      figures.push({ name: `trials of ${count} worker${count > 1 ? 's' : ''}`, unit: 'trials/s', ours });
    } finally {
      for (const worker of workers) worker.kill('SIGTERM');
      await Promise.all(workers.map((worker) => worker.exitCode ?? once(worker, 'close')));
      await database.close();
      rmSync(out, { recursive: true, force: true });
    }
  }
  return figures;
}

/** A run that is broken a thousand times, in words. */
export async function measureStorm(): Promise<string> {
  if (!postgres) return `storm: not measured${postgresNote}`;
  const seed = Number(process.env.PROCTOR_TEST_SEED ?? Date.now() % 1_000_000);
  const server = await startPostgres({ everywhere: true });
  const suite = stormSuite();
  try {
    const { blows, seconds, stderr, code, out } = await storm({
      ...{
        server,
        seed,
        workers: 4,
        suite,
        attempts: 400,
        blows: 1000,
        everyMs: [300, 1200],
        leaseSeconds: 2,
      },
    });
    rmSync(out, { recursive: true, force: true });
    const sums = stderr.trimEnd().split('\n').at(-1);
    const fell = Object.values(blows).reduce((sum, count) => sum + count, 0);
    const kinds = Object.entries(blows).map(([kind, count]) => `${kind} ${count}`);
    return `storm, seed ${seed}: ${fell} blows (${kinds.join(', ')}) in ${Math.round(seconds)} s; exit ${code}; ${sums}`;
  } finally {
    await server.stop();
    rmSync(suite, { recursive: true, force: true });
  }
}
