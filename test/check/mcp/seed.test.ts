import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSeed, writeSeed } from '../../../src/check/mcp/seed.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';

describe('the data a server starts with', () => {
  it('goes into the server’s first folder, or into the one that is named', async () => {
    const from = folderOf({ 'app.db': 'x', 'deep/note.md': 'y' });
    mkdirSync(join(from, 'empty'));
    expect(readSeed(from, ['/data', '/other'])).toEqual({ from, to: '/data', source: 'seed/' });
    const seed = readSeed(`${from}:/srv/shop/`, ['/data']);
    expect(seed.to).toBe('/srv/shop');
    const dir = temporaryFolder();
    expect(await writeSeed(dir, seed)).toBe(join(dir, 'seed'));
    expect(readFileSync(join(dir, 'seed/deep/note.md'), 'utf8')).toBe('y');
    expect(existsSync(join(dir, 'seed/empty'))).toBe(true);
  });

  it('is packed where it holds a repository, which git would not keep in another', async () => {
    const seed = readSeed(folderOf({ '.git/HEAD': 'ref: refs/heads/main\n', 'a.txt': 'x' }), ['/data']);
    expect(seed.source).toBe('seed.tgz');
    const file = await writeSeed(temporaryFolder(), seed);
    expect(gunzipSync(readFileSync(file)).toString('latin1')).toContain('ref: refs/heads/main');
  });

  it('has to be a folder', () => {
    expect(() => readSeed('nowhere:/data', [])).toThrow(
      '--seed: expected a folder, or FOLDER:/folder-in-the-sandbox; there is no folder nowhere',
    );
  });
});
