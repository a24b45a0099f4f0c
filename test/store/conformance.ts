import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readObject, type Store } from '../../src/store/store.ts';

/** A store to be tried, opened anew over the same objects each time it is asked for. */
export interface StoreUnderTest {
  open(): Promise<Store>;
  close?(): Promise<void>;
}

/** What every store must do. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeAll(async () => {
      under = await make();
      store = await under.open();
    });
    afterAll(() => under?.close?.());

    const textOf = async (key: string) => (await readObject(store, key))?.toString();
    const keysOf = async (prefix: string) => {
      const keys: string[] = [];
      for await (const key of store.list(prefix)) keys.push(key);
      return keys;
    };

    it('gives back what was put, to others that open it too', async () => {
      await store.put('whole/one.json', Buffer.from('{"a":1}'));
      expect((await readObject(await under.open(), 'whole/one.json'))?.toString()).toBe('{"a":1}');
      expect(await store.size('whole/one.json')).toBe(7);
    });

    it('puts an object in the place of one with its key', async () => {
      await store.put('replaced', Buffer.from('first'));
      await store.put('replaced', Buffer.from('second'));
      expect(await textOf('replaced')).toBe('second');
    });

    it('keeps objects without content', async () => {
      await store.put('empty', Buffer.alloc(0));
      expect(await store.size('empty')).toBe(0);
      expect(await textOf('empty')).toBe('');
    });

    it('knows nothing of keys that were never put', async () => {
      expect(await store.get('never/put')).toBeUndefined();
      expect(await store.size('never/put')).toBeUndefined();
      expect(await store.size('whole')).toBeUndefined();
      await store.delete('never/put');
    });

    it('takes streams of unknown length', async () => {
      const pieces = ['a', 'bc', 'def'].map((text) => Buffer.from(text));
      await store.put('streamed', () => Readable.from(pieces, { objectMode: false }));
      expect(await textOf('streamed')).toBe('abcdef');
    });

    it('takes and gives an object of 40 MB as a stream', async () => {
      const piece = randomBytes(1024 * 1024);
      const pieces = () => Readable.from(Array<Buffer>(40).fill(piece), { objectMode: false });
      expect(await store.putIfAbsent('large', pieces)).toBe(true);
      expect(await store.putIfAbsent('large', pieces)).toBe(false);
      let at = 0;
      for await (const chunk of (await store.get('large')) ?? []) {
        for (let from = 0; from < chunk.length; ) {
          const length = Math.min(chunk.length - from, piece.length - (at % piece.length));
          const start = at % piece.length;
          expect(piece.compare(chunk, from, from + length, start, start + length)).toBe(0);
          from += length;
          at += length;
        }
      }
      expect(at).toBe(40 * piece.length);
    });

    it('lets an object stay where one is to be put only if it is absent', async () => {
      expect(await store.putIfAbsent('once', Buffer.from('first'))).toBe(true);
      expect(await store.putIfAbsent('once', Buffer.from('second'))).toBe(false);
      expect(await textOf('once')).toBe('first');
    });

    it.each(['bytes', 'streams'])(
      'lets one win of many that put %s at once where there is none',
      async (kind) => {
        const racers = await Promise.all(Array.from({ length: 8 }, () => under.open()));
        const key = `race/${kind}`;
        const wins = await Promise.all(
          racers.map((racer, index) => {
            const bytes = Buffer.alloc(200_000, String(index));
            return racer.putIfAbsent(
              key,
              kind === 'bytes' ? bytes : () => Readable.from([bytes], { objectMode: false }),
            );
          }),
        );
        expect(wins.filter(Boolean)).toHaveLength(1);
        const stored = await readObject(store, key);
        expect(stored?.equals(Buffer.alloc(200_000, String(wins.indexOf(true))))).toBe(true);
      },
    );

    it('stores nothing of a stream that fails, and throws what it failed with', async () => {
      const failing = () =>
        Readable.from(
          (function* () {
            yield Buffer.alloc(1024, 'x');
            throw new Error('the source broke');
          })(),
          { objectMode: false },
        );
      await expect(store.put('failed/put', failing)).rejects.toThrow('the source broke');
      await expect(store.putIfAbsent('failed/absent', failing)).rejects.toThrow('the source broke');
      expect(await keysOf('failed/')).toEqual([]);
    });

    it('lists keys that begin alike, in order, however many', async () => {
      const names = Array.from({ length: 1100 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
      for (let at = 0; at < names.length; at += 50)
        await Promise.all(names.slice(at, at + 50).map((key) => store.put(key, Buffer.from('.'))));
      expect(await keysOf('many/')).toEqual(names);
      expect(await keysOf('many/0001')).toEqual(names.slice(10, 20));
    });

    it('orders folders and files by their whole keys', async () => {
      const keys = ['tree/a+b', 'tree/a-b', 'tree/a.b', 'tree/a/b', 'tree/a/b-c', 'tree/a=b', 'tree/aB'];
      for (const key of keys) await store.put(key, Buffer.from(key));
      expect(await keysOf('tree/')).toEqual([...keys].sort());
      expect(await keysOf('tree/a/')).toEqual(['tree/a/b', 'tree/a/b-c']);
      expect(await keysOf('tre')).toEqual([...keys].sort());
      expect(await keysOf('elsewhere/')).toEqual([]);
    });

    it('forgets what is deleted', async () => {
      await store.put('deleted/one', Buffer.from('x'));
      await store.delete('deleted/one');
      expect(await store.get('deleted/one')).toBeUndefined();
      expect(await keysOf('deleted/')).toEqual([]);
      expect(await store.putIfAbsent('deleted/one', Buffer.from('y'))).toBe(true);
    });

    it.each([
      '../out',
      'a/../../out',
      '/etc/passwd',
      'a//b',
      '.hidden',
      'a/.hidden',
      '',
      'a b',
      'a\0b',
      'x'.repeat(600),
    ])('refuses %j as a key', async (key) => {
      for (const attempt of [
        () => store.put(key, Buffer.from('x')),
        () => store.putIfAbsent(key, Buffer.from('x')),
        () => store.get(key),
        () => store.size(key),
        () => store.delete(key),
      ])
        await expect((async () => attempt())()).rejects.toMatchObject({ code: 'bad-file' });
    });
  });
}
