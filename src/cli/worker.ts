import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chooseProvider, type SandboxChoice } from '../library/provider.ts';
import { openQueue } from '../library/queue/open-queue.ts';
import { workQueue } from '../library/queue/worker.ts';
import { type MetricsAddress, metricsAddress, serveMetrics } from '../metric/serve.ts';
import { censusOf } from '../queue/census.ts';
import type { Database } from '../queue/database.ts';
import { newRunId } from '../trace/run-file.ts';
import { makeFolder } from './folder.ts';
import { onInterrupt } from './interrupt.ts';
import { say } from './print.ts';
import { labelsIn } from './queue-flag.ts';

interface WorkerFlags {
  queue: string;
  capacity: number;
  sandbox: SandboxChoice;
  labels?: string;
  lease: number;
  work?: string;
  metrics?: string;
}

/** `proctor worker`: makes trials of queued runs until it is stopped. */
export async function runWorker({
  queue,
  capacity,
  sandbox,
  labels,
  lease,
  work,
  metrics,
}: WorkerFlags): Promise<void> {
  const address = metrics === undefined ? undefined : metricsAddress(metrics);
  const database = await openQueue(queue, Math.min(16, capacity + 3));
  if (work !== undefined) makeFolder(`--work ${work}`, work);
  const dir = work === undefined ? mkdtempSync(join(tmpdir(), 'proctor-worker-')) : resolve(work);
  const interrupt = onInterrupt(say);
  let served: Awaited<ReturnType<typeof openMetrics>> | undefined;
  try {
    if (address) served = await openMetrics(address, database);
    const { provider } = await chooseProvider(sandbox, { runId: newRunId(new Date()), poolSize: capacity });
    await workQueue({
      ...{ database, provider, capacity, labels: labelsIn(labels), leaseSeconds: lease, dir },
      ...{ signal: interrupt.signal, note: say, watch: served?.metrics },
    });
  } finally {
    interrupt.stop();
    await served?.close();
    await database.close();
    if (work === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

async function openMetrics(address: MetricsAddress, database: Database) {
  const { workerMetrics } = await import('../metric/worker-metrics.ts');
  const metrics = workerMetrics(() => censusOf(database));
  const server = await serveMetrics(address, metrics);
  say(`metrics at ${server.url}`);
  return { metrics, close: () => server[Symbol.asyncDispose]() };
}
