import { Readable } from 'node:stream';
import { messageOf, ProctorError } from '../errors.ts';
import { isFull } from '../trace/disk.ts';

/** The error of a store, naming what it was about; an error that is ours already stays as it is. */
export function storeFailure(where: string, cause: unknown): ProctorError {
  if (cause instanceof ProctorError) return cause;
  const { code = '' } = cause as NodeJS.ErrnoException;
  const what = isFull(cause) ? `no space left in the store (${code})` : messageOf(cause);
  return new ProctorError('store-failed', `${where}: ${what}`, { cause });
}

/** A stream that fails with the error of a store where the one it is read from fails. */
export function failingAs(where: string, stream: AsyncIterable<Buffer>): Readable {
  async function* content(): AsyncGenerator<Buffer> {
    try {
      yield* stream;
    } catch (error) {
      throw storeFailure(where, error);
    }
  }
  return Readable.from(content(), { objectMode: false });
}
