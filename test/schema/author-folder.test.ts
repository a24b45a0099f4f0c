import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isFolder, makeFolders, readFolder, writeFolder } from '../../src/schema/author-folder.ts';
import { folderOf, temporaryFolder } from '../folder.ts';

it('makes a folder with those above it, also where it is there already', () => {
  const dir = join(temporaryFolder(), 'a/b');
  makeFolders(dir);
  makeFolders(dir);
  expect(isFolder(dir)).toBe(true);
});

it('throws where a folder cannot be made', () => {
  expect(() => makeFolders('/proc/none/here')).toThrow(/ENOENT/);
  const dir = folderOf({ file: '' });
  expect(() => makeFolders(join(dir, 'file'))).toThrow(/EEXIST/);
});

it('writes files as it reads them', () => {
  const from = readFolder(folderOf({ 'a/b.txt': 'text' }));
  const to = join(temporaryFolder(), 'new');
  const [file = ''] = writeFolder(to, from);
  expect(readFileSync(file, 'utf8')).toBe('text');
  expect(readFolder(to)).toEqual(from);
});
