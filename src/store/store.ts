import type { Readable } from 'node:stream';
import { ProctorError } from '../errors.ts';

/** Bytes to be stored, or a function that begins a stream of them, called anew where they have to be sent again. */
export type Source = Uint8Array | (() => Readable);

/**
 * Objects by their keys, shared by the machines that work on a run. An object is there whole or not at all, for every reader at once; a
 * process that dies while it puts one leaves nothing that `get` or `list` give. Every method throws `store-failed` where the store
 * does not answer, refuses or is full, in one line that names the store and the key; nothing is tried again here but what the engine itself does.
 */
export interface Store {
  /** What `--store` was given: the folder's absolute path, or `s3://bucket/prefix`. */
  readonly url: string;
  /** Stores an object, in the place of one with its key. A `ProctorError` of a source is thrown as it is. */
  put(key: string, source: Source): Promise<void>;
  /**
   * Stores an object where none has its key; of several at once, one. Says whether it was this one; false also where it was, but the
   * answer to that was lost on the way, so that who has to know reads what is there.
   */
  putIfAbsent(key: string, source: Source): Promise<boolean>;
  /** Undefined where there is none. An error while it is read, such as a lost connection, destroys the stream with a `store-failed`. */
  get(key: string): Promise<Readable | undefined>;
  /** Bytes of an object; undefined where there is none. */
  size(key: string): Promise<number | undefined>;
  /** The keys that begin so, in the order of their UTF-16 units, read as they are asked for. */
  list(prefix: string): AsyncIterable<string>;
  /** Nothing where there is none. */
  delete(key: string): Promise<void>;
}

/** Letters, digits and `._=@+-`, in parts divided by `/` none of which begins with a dot; at most 512 characters. */
const keyForm = /^(?!.{513})[\w=@+-][\w.=@+-]*(\/[\w=@+-][\w.=@+-]*)*$/;

/** A key as it was given. Throws a `bad-file` where it is none: it could lead out of a folder. */
export function requireKey(key: string): string {
  if (keyForm.test(key)) return key;
  throw new ProctorError(
    'bad-file',
    `${JSON.stringify(key)}: expected a key of a store, such as runs/x7k2/seal.json`,
  );
}

/** An object that is small, whole; undefined where there is none. */
export async function readObject(store: Pick<Store, 'get'>, key: string): Promise<Buffer | undefined> {
  const stream = await store.get(key);
  return stream && Buffer.concat(await stream.toArray());
}
