import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { openFolderStore } from '../../src/store/folder.ts';

/** Puts an object that never ends, and says when some of it is written. */
async function* endless() {
  for (let count = 0; ; count += 1) {
    yield Buffer.alloc(64 * 1024, 'x');
    if (count === 20) process.stdout.write('writing\n');
    await sleep(5);
  }
}

const [, , dir = ''] = process.argv;
const store = await openFolderStore(dir);
await store.put('half', () => Readable.from(endless(), { objectMode: false }));
