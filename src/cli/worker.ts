import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chooseProvider, type SandboxChoice } from '../library/provider.ts';
import { openQueue } from '../library/queue/open-queue.ts';
import { workQueue } from '../library/queue/worker.ts';
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
}

/** `proctor worker`: makes trials of queued runs until it is stopped. */
export async function runWorker({
  queue,
  capacity,
  sandbox,
  labels,
  lease,
  work,
}: WorkerFlags): Promise<void> {
  const database = await openQueue(queue, Math.min(16, capacity + 3));
  if (work !== undefined) makeFolder(`--work ${work}`, work);
  const dir = work === undefined ? mkdtempSync(join(tmpdir(), 'proctor-worker-')) : resolve(work);
  const interrupt = onInterrupt(say);
  try {
    const { provider } = await chooseProvider(sandbox, { runId: newRunId(new Date()), poolSize: capacity });
    await workQueue({
      ...{ database, provider, capacity, labels: labelsIn(labels), leaseSeconds: lease, dir },
      ...{ signal: interrupt.signal, note: say },
    });
  } finally {
    interrupt.stop();
    await database.close();
    if (work === undefined) rmSync(dir, { recursive: true, force: true });
  }
}
