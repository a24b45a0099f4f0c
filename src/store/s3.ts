import type { Readable } from 'node:stream';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { messageOf, ProctorError } from '../errors.ts';
import { requireKey, type Source, type Store } from './store.ts';
import { failingAs } from './store-failure.ts';

/** Bytes of a part of an object whose length is not known before, and how many are under way at once: what is held in memory. */
const [partSize, queueSize] = [8 * 1024 * 1024, 2];

/** How often a conditional put is asked for again where another one of its key was under way. */
const conflictTries = 5;

/**
 * A store in a bucket of S3, or of what speaks its protocol at `AWS_ENDPOINT_URL`. Credentials and region come from where the AWS SDK looks for
 * them: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, profiles, roles. Throws `bad-flag` where `url` is no `s3://bucket/prefix`,
 * `unsupported` where the SDK is not installed, and `store-failed` where the bucket is missing, can't be reached or is refused.
 */
export async function openS3Store(url: string): Promise<Store> {
  const { bucket, prefix } = placeOf(url);
  const [sdk, { Upload }] = await loadSdk(url);
  const client = clientOf(sdk.S3Client);
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + requireKey(key) });

  /** Asks the bucket about what `key` names; a failure names both. */
  const ask = async <T>(key: string, action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw failureOf(error, `s3://${bucket}/${prefix}${key}`, bucket);
    }
  };

  const send = (input: PutObjectCommandInput, source: Source): Promise<unknown> =>
    typeof source === 'function'
      ? new Upload({ client, partSize, queueSize, params: { ...input, Body: source() } }).done()
      : client.send(new sdk.PutObjectCommand({ ...input, Body: source }));

  const size = (key: string) => {
    const place = at(key);
    return ask(key, () =>
      client.send(new sdk.HeadObjectCommand(place)).then(
        ({ ContentLength = 0 }) => ContentLength,
        undefinedIf((error) => statusOf(error) === 404 && error.name === 'NotFound'),
      ),
    );
  };

  async function* keysFrom(start: string): AsyncGenerator<string> {
    let token: string | undefined;
    do {
      const page = await ask(start, () =>
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix + start,
            ...(token !== undefined && { ContinuationToken: token }),
          }),
        ),
      );
      for (const { Key } of page.Contents ?? []) if (Key) yield Key.slice(prefix.length);
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  await ask('', () =>
    client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 })),
  );

  return {
    url: `s3://${bucket}${prefix && `/${prefix.slice(0, -1)}`}`,
    async put(key, source) {
      const place = at(key);
      await ask(key, () => send(place, source));
    },
    async putIfAbsent(key, source) {
      const place = { ...at(key), IfNoneMatch: '*' };
      if (typeof source === 'function' && (await size(key)) !== undefined) return false;
      return ask(key, async () => {
        for (let tried = 1; ; tried += 1) {
          try {
            await send(place, source);
            return true;
          } catch (error) {
            if (statusOf(error) === 412) return false;
            if (statusOf(error) !== 409 || tried === conflictTries) throw error;
          }
        }
      });
    },
    async get(key) {
      const place = at(key);
      const found = await ask(key, () =>
        client
          .send(new sdk.GetObjectCommand(place))
          .catch(undefinedIf((error) => error instanceof sdk.NoSuchKey || error.name === 'NoSuchKey')),
      );
      return found && failingAs(`s3://${bucket}/${place.Key}`, found.Body as Readable);
    },
    size,
    list: keysFrom,
    async delete(key) {
      const place = at(key);
      await ask(key, () => client.send(new sdk.DeleteObjectCommand(place)));
    },
  };
}

/** Whoever keeps nothing in S3 need not install it. */
async function loadSdk(url: string) {
  // It warns on every start of versions of Node that later ones of it leave behind.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  try {
    return await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const what = 'needs the AWS SDK; npm install @aws-sdk/client-s3 @aws-sdk/lib-storage';
    throw new ProctorError('unsupported', `${url}: ${what}`, { cause });
  }
}

function placeOf(url: string): { bucket: string; prefix: string } {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/.exec(url) ?? [];
  const prefix = path.replace(/\/+$/, '');
  if (bucket === undefined)
    throw new ProctorError('bad-flag', `${url}: expected s3://bucket or s3://bucket/prefix`);
  return { bucket, prefix: prefix && `${requireKey(prefix)}/` };
}

/** Servers other than Amazon's seldom have a name for each bucket, and seldom take checksums that are not asked for. */
function clientOf(Client: typeof S3Client): S3Client {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const isElsewhere = AWS_ENDPOINT_URL !== undefined || AWS_ENDPOINT_URL_S3 !== undefined;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? (isElsewhere ? 'us-east-1' : undefined);
  return new Client({
    forcePathStyle: isElsewhere,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
    ...(region !== undefined && { region }),
  });
}

interface ServiceError extends Error {
  $metadata?: { httpStatusCode?: number };
  code?: string;
}

const statusOf = (error: unknown) => (error as ServiceError).$metadata?.httpStatusCode;

/** Gives undefined for an error that says so, and throws any other. */
const undefinedIf = (isAbsent: (error: ServiceError) => boolean) => (error: ServiceError) => {
  if (!isAbsent(error)) throw error;
  return undefined;
};

const refusals = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AccessDenied',
  'Forbidden',
  'ExpiredToken',
  'InvalidToken',
]);

function failureOf(cause: unknown, where: string, bucket: string): ProctorError {
  if (cause instanceof ProctorError) return cause;
  const error = cause as ServiceError;
  const failure = (what: string) => new ProctorError('store-failed', `${where}: ${what}`, { cause });
  if (error.name === 'NotImplemented' || statusOf(error) === 501)
    return failure('the server does not do what it is asked; expected one that knows If-None-Match: *');
  if (error.name === 'NoSuchBucket') return failure(`there is no bucket ${bucket}`);
  if (error.name === 'CredentialsProviderError')
    return failure(
      'no credentials; expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile or role',
    );
  if (refusals.has(error.name) || statusOf(error) === 403)
    return failure(
      `these credentials are refused (${error.name}); see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
    );
  return failure(messageOf(error) || error.code || error.name);
}
