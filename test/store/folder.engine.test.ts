import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fetchTrial } from '../../src/store/fetch.ts';
import { openFolderStore } from '../../src/store/folder.ts';
import { packInto } from '../../src/store/pack.ts';
import { shipper } from '../../src/store/ship.ts';
import { openPackCache } from '../../src/store/unpack.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { openWriter } from '../trace/sample.ts';
import { trialStarted } from '../trace/sample-events.ts';
import { describeStore } from './conformance.ts';

describeStore('a store in a folder', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-store-'));
  return { open: () => openFolderStore(dir), close: async () => rmSync(dir, { recursive: true }) };
});

const child = new URL('./putting-child.ts', import.meta.url).pathname;

describe('a folder whose writer is killed', () => {
  it('never holds half an object, and what was left is taken away a day later', async () => {
    const dir = temporaryFolder();
    const putting = spawn(process.execPath, ['--import', 'jiti/register', child, dir]);
    await once(putting.stdout, 'data');
    putting.kill('SIGKILL');
    await once(putting, 'close');
    const store = await openFolderStore(dir);
    expect(await store.size('half')).toBeUndefined();
    const left = readdirSync(join(dir, '.incoming'));
    expect(left).toHaveLength(1);
    for (const name of left) utimesSync(join(dir, '.incoming', name), 0, 0);
    await openFolderStore(dir);
    expect(readdirSync(join(dir, '.incoming'))).toEqual([]);
  });
});

describe('a folder that can’t be a store', () => {
  it('is refused in one line where a file has its name', async () => {
    const dir = folderOf({ store: '' });
    await expect(openFolderStore(join(dir, 'store'))).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringMatching(/store: .*(ENOTDIR|EEXIST)/),
    });
  });

  const dir = join(mkdtempSync(join(tmpdir(), 'proctor-store-')), 'disk');
  mkdirSync(dir);
  const missing = (() => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' });
      afterAll(() => execFileSync('umount', [dir]));
      return '';
    } catch {
      return ' (skipped: mounting a small tmpfs needs root)';
    }
  })();

  it.skipIf(missing !== '')(`says so where it is full, and leaves nothing behind${missing}`, async () => {
    const store = await openFolderStore(dir);
    await expect(store.put('large', Buffer.alloc(2_000_000))).rejects.toMatchObject({
      code: 'store-failed',
      message: `${dir}/large: no space left in the store (ENOSPC)`,
    });
    expect(readdirSync(join(dir, '.incoming'))).toEqual([]);
    await store.put('small', Buffer.from('fits'));
    expect(await store.size('small')).toBe(4);
  });

  it.skipIf(missing !== '')(
    `is told from a full disk of the machine that fetches from it${missing}`,
    async () => {
      const store = await openFolderStore(temporaryFolder());
      const task = folderOf({ large: 'x'.repeat(2_000_000) });
      const cache = join(dir, 'cache');
      await expect(
        openPackCache(store, cache).folder(await packInto(store, [{ dir: task, as: '' }])),
      ).rejects.toMatchObject({
        code: 'disk-full',
        message: expect.stringMatching(/no space left to unpack tasks$/),
      });
      expect(readdirSync(cache)).toEqual([]);
      const writer = openWriter(temporaryFolder(), 't');
      writer.append(trialStarted(writer, 't'));
      const data = writer.bodies.base64(randomBytes(2_000_000).toString('base64'));
      writer.append({ type: 'artifact.collected', phase: 0, path: '/a', name: 'a', bytes: 2_000_000, data });
      const shipped = { run: 'r', trial: 't', fence: 1 };
      await shipper(store)(shipped, writer.dir).seal(writer.close());
      const runDir = join(dir, 'run');
      await expect(fetchTrial({ store, shipped, runDir }).more()).rejects.toMatchObject({
        code: 'disk-full',
      });
      expect(readdirSync(join(runDir, 'bodies'))).toEqual([]);
    },
  );
});
