import { randomUUID } from 'node:crypto';
import { ProctorError } from '../errors.ts';
import type { Store } from './store.ts';

/**
 * Puts a small object into a store, tries to put another in its place, and takes it away. Throws `store-failed` where nothing can be written, and
 * `unsupported` where an object is replaced that was to be put only if it is absent.
 */
export async function requireUsable(store: Pick<Store, 'url' | 'putIfAbsent' | 'delete'>): Promise<void> {
  const key = `probes/${randomUUID()}`;
  const put = () => store.putIfAbsent(key, Buffer.from('proctor'));
  const [first, second] = [await put(), await put()];
  await store.delete(key).catch(() => {});
  if (first && !second) return;
  const what = first ? 'replaces objects that are there although it is asked not to' : 'keeps no new object';
  throw new ProctorError(
    'unsupported',
    `${store.url}: ${what}; expected a store that knows If-None-Match: *`,
  );
}
