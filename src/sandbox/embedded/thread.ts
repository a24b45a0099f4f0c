import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ProctorError } from '../../errors.ts';
import { createFlow } from './flow.ts';
import type { Order, Report } from './protocol.ts';

/** A thread that runs the commands of one sandbox. It keeps the process alive only while one runs. */
export interface Thread {
  send(order: Order): void;
  /** Called with everything the thread tells, in order, and after its death never again. */
  onReport(listener: (report: Report) => void): void;
  /** Settles when the thread is gone, with the reason where it was not killed. */
  readonly gone: Promise<Error | undefined>;
  /** Ends the thread whatever it does. What it told before has then been heard. */
  kill(): Promise<void>;
}

/** Starts a thread and waits until it listens. */
export async function startThread(memoryMb: number): Promise<Thread> {
  const flow = createFlow();
  const worker = new Worker(scriptPath(), {
    workerData: { flow: flow.shared },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    env: {},
    execArgv: [],
  });
  let listener: (report: Report) => void = () => {};
  let started: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    started = resolve;
  });
  let reason: Error | undefined;
  const gone = new Promise<Error | undefined>((resolve) => {
    worker.once('error', (error) => {
      reason = error;
    });
    worker.once('exit', () => resolve(reason));
  });
  worker.on('message', (report: Report) => {
    flow.taken(sizeOf(report));
    if (report.kind === 'done' || report.kind === 'failed') worker.unref();
    if (report.kind === 'ready') started();
    else listener(report);
  });

  const died = await Promise.race([ready, gone.then((error) => error ?? new Error('it ended at once'))]);
  if (died) throw new ProctorError('sandbox-failed', `the embedded shell did not start: ${died.message}`);
  worker.unref();
  return {
    send(order) {
      if (order.kind === 'run') worker.ref();
      worker.postMessage(order);
    },
    onReport(next) {
      listener = next;
    },
    gone,
    async kill() {
      worker.ref();
      await worker.terminate();
      await gone;
      listener = () => {};
    },
  };
}

function sizeOf(report: Report): number {
  if (report.kind === 'output') return report.data.byteLength;
  if (report.kind !== 'change') return 0;
  const { change } = report;
  if (change.kind === 'append') return change.content.byteLength;
  return change.kind === 'put' && change.node.type === 'file' ? change.node.content.byteLength : 0;
}

/** A thread needs JavaScript, so sources run from TypeScript use what was built. */
function scriptPath(): string {
  const here = fileURLToPath(new URL('./shell-thread.js', import.meta.url));
  if (!import.meta.url.endsWith('.ts')) return here;
  const at = here.lastIndexOf('/src/');
  const built = `${here.slice(0, at)}/dist/${here.slice(at + '/src/'.length)}`;
  if (existsSync(built)) return built;
  throw new ProctorError('sandbox-failed', `the embedded sandbox needs ${built}: run "npm run build" first`);
}
