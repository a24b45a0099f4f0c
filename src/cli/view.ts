import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openQueue } from '../library/queue/open-queue.ts';
import type { Database } from '../queue/database.ts';
import { chooseRuns } from '../viewer/library.ts';
import { queueResponse } from '../viewer/queue-response.ts';
import { serveLibrary } from '../viewer/server.ts';
import { onInterrupt } from './interrupt.ts';

interface ViewFlags {
  out: string;
  port?: number;
  open?: boolean;
  queue?: string;
}

/** `proctor view`: serves recorded runs to a browser on this computer until it is interrupted. */
export async function view(reference: string | undefined, flags: ViewFlags): Promise<void> {
  const database = flags.queue === undefined ? undefined : await openQueue(flags.queue);
  try {
    await serveUntilStopped(reference, flags, database);
  } finally {
    await database?.close();
  }
}

async function serveUntilStopped(
  reference: string | undefined,
  flags: ViewFlags,
  database: Database | undefined,
): Promise<void> {
  const mayBeEmpty = database !== undefined;
  const { library, run, trial } = chooseRuns(reference, flags.out, { mayBeEmpty });
  const server = await serveLibrary(library, {
    ...(flags.port !== undefined && { port: flags.port }),
    ...(database && { queue: () => queueResponse(database) }),
    ...(run !== undefined && { ready: { run, ...(trial !== undefined && { trial }) } }),
  });
  const address = `${server.url}${database && run === undefined ? '#/workers' : placeOf(run, trial)}`;
  process.stdout.write(`${address}\n`);
  process.stderr.write('Press Ctrl-C to stop.\n');
  if (flags.open) openBrowser(address);
  await interrupted();
  await server.close();
}

function placeOf(run: string | undefined, trial: string | undefined): string {
  if (run === undefined) return '';
  return trial === undefined ? `#/run/${run}` : `#/trial/${run}/${trial}`;
}

async function interrupted(): Promise<void> {
  const { signal, stop } = onInterrupt(() => {});
  await once(signal, 'abort');
  stop();
}

/** A browser that cannot be started is no failure: the address is printed. */
function openBrowser(address: string): void {
  const [program, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[
    process.platform as string
  ] ?? ['xdg-open'];
  if (program === undefined) return;
  spawn(program, [...args, address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
