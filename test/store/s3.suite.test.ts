import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { readObject } from '../../src/store/store.ts';
import { describeStore } from './conformance.ts';
import { s3, s3Note, startS3 } from './s3-server.ts';

const failsWith = (message: string | RegExp) => ({
  code: 'store-failed',
  message: typeof message === 'string' ? message : expect.stringMatching(message),
});

async function server(options: Parameters<typeof startS3>[0] = {}) {
  const started = await startS3(options);
  onTestFinished(started.kill);
  return started;
}

if (s3)
  describeStore('a store in a bucket', async () => {
    const { kill } = await startS3();
    return { open: () => openStore('s3://proctor/some/prefix'), close: kill };
  });

describe('a bucket that can’t be a store', () => {
  it.skipIf(!s3)(`is missing${s3Note}`, async () => {
    await server();
    await expect(openStore('s3://other')).rejects.toMatchObject(
      failsWith('s3://other/: there is no bucket other'),
    );
  });

  it.skipIf(!s3)(`refuses the credentials, or there are none${s3Note}`, async () => {
    await server({ asksForKeys: true });
    await expect(openStore('s3://proctor')).rejects.toMatchObject(
      failsWith(
        's3://proctor/: these credentials are refused (InvalidAccessKeyId); see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      ),
    );
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    await expect(openStore('s3://proctor')).rejects.toMatchObject(
      failsWith(/^s3:\/\/proctor\/: no credentials; expected/),
    );
  });

  it('is named by no address of one', async () => {
    for (const url of ['s3://', 's3://Bucket', 's3:///key'])
      await expect(openStore(url)).rejects.toMatchObject({
        code: 'bad-flag',
        message: `${url}: expected s3://bucket or s3://bucket/prefix`,
      });
  });
});

describe('a large object that several put where there is none', () => {
  it.skipIf(!s3)(`is the first's that is whole, and nothing is left of the others${s3Note}`, async () => {
    await server();
    const [first, second] = await Promise.all([1, 2].map(() => openStore('s3://proctor')));
    const parts = (letter: string, before?: Promise<unknown>) =>
      async function* () {
        yield Buffer.alloc(10 * 1024 * 1024, letter);
        await before;
        yield Buffer.alloc(10 * 1024 * 1024, letter);
      };
    const readable = (source: () => AsyncGenerator<Buffer>) => () =>
      Readable.from(source(), { objectMode: false });
    let begun: () => void = () => {};
    const begins = new Promise<void>((resolve) => (begun = resolve));
    const winning = begins.then(() => first?.putIfAbsent('large', readable(parts('a'))));
    const losing = second?.putIfAbsent('large', () => {
      begun();
      return readable(parts('b', winning))();
    });
    expect([await winning, await losing]).toEqual([true, false]);
    const stored = first && (await readObject(first, 'large'));
    expect(stored?.equals(Buffer.alloc(20 * 1024 * 1024, 'a'))).toBe(true);
    const client = new S3Client({ region: 'us-east-1', forcePathStyle: true });
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'proctor' }));
    client.destroy();
    expect(Uploads).toEqual([]);
  });
});

describe('a bucket whose server dies', () => {
  it.skipIf(!s3)(`fails a put that is under way, and those that come later${s3Note}`, async () => {
    const { kill } = await server();
    const store = await openStore('s3://proctor');
    async function* slowly() {
      for (let count = 0; count < 20; count += 1) {
        yield Buffer.alloc(1024 * 1024, 'x');
        if (count === 10) await kill();
        await sleep(5);
      }
    }
    const put = store.put('half', () => Readable.from(slowly(), { objectMode: false }));
    await expect(put).rejects.toMatchObject(failsWith(/^s3:\/\/proctor\/half: \S/));
    await expect(store.put('later', Buffer.from('x'))).rejects.toMatchObject(
      failsWith(/^s3:\/\/proctor\/later: .*ECONNREFUSED/),
    );
    await expect(openStore('s3://proctor')).rejects.toMatchObject(failsWith(/ECONNREFUSED/));
  });

  it.skipIf(!s3)(`fails what is read from it${s3Note}`, async () => {
    const { kill } = await server();
    const store = await openStore('s3://proctor');
    await store.put('large', Buffer.alloc(40 * 1024 * 1024, 'x'));
    const reading = await store.get('large');
    const readAll = async () => {
      for await (const _ of reading ?? []) await kill();
    };
    await expect(readAll()).rejects.toMatchObject(failsWith(/^s3:\/\/proctor\/large: \S/));
  });
});
