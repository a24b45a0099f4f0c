import { describe, expect, it } from 'vitest';
import { openFolderStore } from '../../src/store/folder.ts';
import { requireUsable } from '../../src/store/require-usable.ts';
import { temporaryFolder } from '../folder.ts';

describe('a store that machines are to share', () => {
  it('is left as it was where it can be used', async () => {
    const store = await openFolderStore(temporaryFolder());
    await requireUsable(store);
    const keys: string[] = [];
    for await (const key of store.list('')) keys.push(key);
    expect(keys).toEqual([]);
  });

  it('is refused where it replaces what is there', async () => {
    const store = await openFolderStore(temporaryFolder());
    const replacing = {
      ...store,
      putIfAbsent: (key: string) => store.put(key, Buffer.from('x')).then(() => true),
    };
    await expect(requireUsable(replacing)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        /replaces objects that are there.*expected a store that knows If-None-Match/,
      ),
    });
  });
});
