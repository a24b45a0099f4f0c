import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** Where `.ci/run` installs it, beside what is on the path. */
const program = ['moto_server', '/tmp/proctor-moto/bin/moto_server'].find((name) => {
  try {
    execFileSync(name, ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Whether tests may start a server that speaks S3. With `PROCTOR_REQUIRE_S3=1` its absence is a failure. */
export const s3 = program !== undefined;

/** Put into the names of tests that need one, so that a skip says why. */
export const s3Note = s3 ? '' : " (skipped: no moto_server; pip install 'moto[s3,server]')";

if (!s3 && process.env.PROCTOR_REQUIRE_S3 === '1')
  throw new Error('PROCTOR_REQUIRE_S3=1, but there is no moto_server');

export interface S3Server {
  endpoint: string;
  /** Ends it at once, in the middle of whatever it does. */
  kill(): Promise<void>;
}

/** A server with a bucket `proctor`, for this process's variables; with `asksForKeys`, one that knows no key and has no bucket. */
export async function startS3({ asksForKeys = false } = {}): Promise<S3Server> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(program ?? '', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, ...(asksForKeys && { INITIAL_NO_AUTH_ACTION_COUNT: '0' }) },
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test-key-of-proctor',
    AWS_SECRET_ACCESS_KEY: 'test-secret-of-proctor',
  });
  await answers(endpoint, server);
  if (!asksForKeys) {
    const client = new S3Client({ region: 'us-east-1', forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'proctor' }));
    client.destroy();
  }
  return {
    endpoint,
    async kill() {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'close');
    },
  };
}

async function answers(endpoint: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    if (await fetch(endpoint).catch(() => undefined)) return;
    await sleep(100);
  }
  throw new Error(`moto_server ended with ${server.exitCode}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}
