import { parentPort, workerData } from 'node:worker_threads';
import { Backpressure } from './backpressure.ts';
import type { Journal } from './journaled-file-system.ts';
import { bytesIn, type ThreadEvent, type ThreadRequest } from './protocol.ts';
import { Shell } from './shell.ts';

if (!parentPort) throw new Error('shell-thread is started as a worker thread');
const port = parentPort;
const backpressure = new Backpressure(workerData.flow);

const report = (event: ThreadEvent) => {
  const bytes = bytesIn(event);
  if (bytes > 0) backpressure.waitAndAdd(bytes);
  port.postMessage(event);
};

const waiting: (() => void)[] = [];
const takeTurn = async () => {
  report({ kind: 'turn-asked' });
  await new Promise<void>((resolve) => waiting.push(resolve));
  return () => report({ kind: 'turn-over' });
};

/** What one sandbox reports; nothing any more once another one has the thread. */
function journalOf(sandbox: number): Journal {
  const reportOwn = (event: ThreadEvent) => {
    if (sandbox === opened) report(event);
  };
  return {
    change: (change) => reportOwn({ kind: 'change', change }),
    output: (stream, data) => {
      if (data.byteLength > 0) reportOwn({ kind: 'output', stream, data });
    },
  };
}

let opened = 0;
let shell: Shell | undefined;

async function handle(request: Exclude<ThreadRequest, { kind: 'turn' }>): Promise<void> {
  if (request.kind === 'open') {
    opened += 1;
    const { workdir, storageBytes } = request;
    shell = new Shell({ workdir, storageBytes, journal: journalOf(opened), takeTurn });
    return;
  }
  if (!shell) throw new Error('the shell is not open yet');
  if (request.kind === 'change') return shell.apply(request.changes);
  let last = JSON.stringify(request.state);
  const exitCode = await shell.run(request.command, request.state, (state) => {
    const now = JSON.stringify(state);
    if (now !== last) report({ kind: 'state', state });
    last = now;
  });
  report({ kind: 'done', exitCode });
}

let handled = Promise.resolve();
port.on('message', (request: ThreadRequest) => {
  if (request.kind === 'turn') return waiting.shift()?.();
  handled = handled
    .then(() => handle(request))
    .catch((error: unknown) => report({ kind: 'failed', message: String(error) }));
});
report({ kind: 'ready' });
