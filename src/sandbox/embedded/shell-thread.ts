import { parentPort, workerData } from 'node:worker_threads';
import { createFlow } from './flow.ts';
import type { Journal } from './journaled-file-system.ts';
import type { Order, Report } from './protocol.ts';
import { createShell, type Shell } from './shell.ts';

if (!parentPort) throw new Error('shell-thread is started as a worker thread');
const port = parentPort;
const flow = createFlow(workerData.flow);

const report = (message: Report) => port.postMessage(message);
const flowing = (bytes: number, message: Report) => {
  flow.waitAndAdd(bytes);
  report(message);
};

const waiting: (() => void)[] = [];
const takeTurn = async () => {
  report({ kind: 'turn-asked' });
  await new Promise<void>((resolve) => waiting.push(resolve));
  return () => report({ kind: 'turn-over' });
};

let shell: Shell | undefined;

async function obey(order: Exclude<Order, { kind: 'turn' }>): Promise<void> {
  if (order.kind === 'open') {
    const journal: Journal = {
      change: (change) => flowing(sizeOf(change), { kind: 'change', change }),
      output: (stream, data) => {
        if (data.byteLength > 0) flowing(data.byteLength, { kind: 'output', stream, data });
      },
    };
    shell = createShell(order.workdir, order.storageBytes, journal, takeTurn);
    return;
  }
  if (!shell) throw new Error('the shell is not open yet');
  if (order.kind === 'change') return shell.apply(order.changes);
  let last = JSON.stringify(order.state);
  const exitCode = await shell.run(order.command, order.state, (state) => {
    const now = JSON.stringify(state);
    if (now !== last) report({ kind: 'state', state });
    last = now;
  });
  report({ kind: 'done', exitCode });
}

function sizeOf(change: Extract<Report, { kind: 'change' }>['change']): number {
  if (change.kind === 'append') return change.content.byteLength;
  return change.kind === 'put' && change.node.type === 'file' ? change.node.content.byteLength : 0;
}

let obeyed = Promise.resolve();
port.on('message', (order: Order) => {
  if (order.kind === 'turn') return waiting.shift()?.();
  obeyed = obeyed
    .then(() => obey(order))
    .catch((error: unknown) => report({ kind: 'failed', message: String(error) }));
});
report({ kind: 'ready' });
