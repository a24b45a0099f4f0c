import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { PostgresServer } from '../postgres.ts';
import type { Asked, AskingWorker } from './asking-worker.ts';
import { startLimitedEndpoint } from './limited-endpoint.ts';

export interface Spent {
  requests: number;
  /** Of the requests. */
  refused: number;
  answered: number;
  nulls: number;
  failures: string[];
  /** Tokens let through of those that the limit allows in the time from the first request to the last. */
  used: number;
}

type Load = Pick<AskingWorker, 'tokensPerMinute' | 'seconds' | 'trials' | 'bytes'> & {
  workers: number;
  runs: number;
  latencyMs: number;
};

/** Lets worker processes of several runs ask an endpoint that keeps to a limit of its own, which all know and none has for itself. */
export async function spend(
  server: PostgresServer,
  { workers, runs, latencyMs, ...load }: Load,
): Promise<Spent> {
  const endpoint = await startLimitedEndpoint(load.tokensPerMinute, latencyMs);
  try {
    const database = await server.database();
    const started = Array.from({ length: workers }, (_, seed) =>
      start({ ...load, database, baseUrl: endpoint.url, run: `run-${seed % runs}`, seed }),
    );
    await Promise.all(started.map(({ ready }) => ready));
    const asked = await Promise.all(started.map(({ ask }) => ask()));
    const { requests, refused, tokens, lastAt } = endpoint.counts;
    return {
      ...{ requests, refused },
      answered: asked.reduce((sum, { answered }) => sum + answered, 0),
      nulls: asked.reduce((sum, { nulls }) => sum + nulls, 0),
      failures: asked.flatMap(({ failures }) => failures),
      used: tokens / ((load.tokensPerMinute * Math.max(lastAt, load.seconds * 1000)) / 60_000),
    };
  } finally {
    await endpoint.close();
  }
}

function start(told: AskingWorker) {
  const script = new URL('asking-worker.ts', import.meta.url).pathname;
  const jiti = new URL('../../../node_modules/jiti/lib/jiti-cli.mjs', import.meta.url).pathname;
  const child = spawn(process.execPath, [jiti, script, JSON.stringify(told)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('a worker ended before it said what it asked');
    return value;
  };
  return {
    ready: line(),
    async ask(): Promise<Asked> {
      child.stdin.write('begin\n');
      const asked: Asked = JSON.parse(await line());
      if (child.exitCode === null) await once(child, 'exit');
      return asked;
    },
  };
}
