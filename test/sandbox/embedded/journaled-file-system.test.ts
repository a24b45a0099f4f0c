import { InMemoryFs } from 'just-bash';
import { expect, it } from 'vitest';
import { JournaledFileSystem } from '../../../src/sandbox/embedded/journaled-file-system.ts';
import { outputPaths } from '../../../src/sandbox/embedded/layout.ts';
import { FileMirror } from '../../../src/sandbox/embedded/mirror.ts';

/** A file system with a mirror that follows what it reports, and the output it reported. */
function journaled() {
  const mirror = new FileMirror();
  const output: string[] = [];
  const memory = new InMemoryFs({ '/usr/bin/cat': '' });
  const fs = new JournaledFileSystem(memory, {
    change: (change) => mirror.apply(change),
    output: (stream, data) => output.push(`${stream}: ${Buffer.from(data)}`),
  });
  return { fs, mirror, output };
}

it('reports each change so that a mirror has the same files', async () => {
  const { fs, mirror } = journaled();
  await fs.mkdir('/a/b', { recursive: true });
  await fs.writeFile('/a/one', 'one');
  await fs.appendFile('/a/one', '+');
  await fs.chmod('/a/one', 0o600);
  await fs.symlink('/a', '/link');
  await fs.writeFile('/link/b/two', 'two');
  await fs.cp('/a/b', '/c', { recursive: true });
  await fs.mv('/a/one', '/a/moved');
  await fs.link('/a/moved', '/a/hard');
  await fs.rm('/a/b', { recursive: true });
  expect(Object.keys(mirror.survey(['/a', '/c', '/link']))).toEqual([
    '/a',
    '/a/hard',
    '/a/moved',
    '/c',
    '/c/two',
    '/link',
  ]);
  expect([mirror.read('/link/moved')?.toString(), mirror.survey(['/a/moved'])['/a/moved']?.mode]).toEqual([
    'one+',
    '600',
  ]);
});

it('keeps the mode of a file that is written again, and takes one without permissions for a new file as the umask has it', async () => {
  const { fs, mirror } = journaled();
  await fs.writeFile('/run', '#!');
  await fs.chmod('/run', 0o755);
  await fs.writeFile('/run', '#!/bin/sh');
  await fs.writeFile('/by-python', '');
  await fs.chmod('/by-python', 0o100666);
  const tree = mirror.survey(['/run', '/by-python']);
  expect([tree['/run']?.mode, tree['/by-python']?.mode]).toEqual(['755', '644']);
});

it('reports what is appended to the output files and keeps nothing of it', async () => {
  const { fs, mirror, output } = journaled();
  await fs.appendFile(outputPaths.stdout, 'out');
  await fs.appendFile(outputPaths.stderr, 'err');
  await fs.writeFile('/dev/null', 'lost');
  expect([output, mirror.size()]).toEqual([['stdout: out', 'stderr: err'], 0]);
});

it.each([
  ['a folder', '/folder', 'EISDIR'],
  ['a path in no folder', '/none/file', 'ENOENT'],
  ['a path below a file', '/file/file', 'ENOTDIR'],
  ['a program of the shell', '/usr/bin/cat', 'EACCES'],
  ['a program of the shell by a link', '/link/cat', 'EACCES'],
])('refuses to write %s', async (_, path, code) => {
  const { fs } = journaled();
  await fs.mkdir('/folder');
  await fs.writeFile('/file', '');
  await fs.symlink('/usr/bin', '/link');
  await expect(fs.writeFile(path, 'x')).rejects.toThrow(code);
});
