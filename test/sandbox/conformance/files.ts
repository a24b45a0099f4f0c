import { expect, it } from 'vitest';
import type { Subject } from '../conformance.ts';

export function filesConformance({ sandbox, spec, provider }: Subject): void {
  const at = (name: string) => `${spec.workdir}/${name}`;
  const file = (name: string, text: string, mode?: number) => ({
    path: at(name),
    content: Buffer.from(text),
    ...(mode === undefined ? {} : { mode }),
  });

  it('puts the files of the spec in before the first command', async () => {
    for (const { path, content } of spec.files) {
      expect(Buffer.compare(await sandbox().files.read(path), content)).toBe(0);
    }
  });

  it('writes and reads bytes whole, making parent directories', async () => {
    const content = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) >> 3));
    await sandbox().files.write([{ path: at('deep/er/blob.bin'), content }]);
    expect(Buffer.compare(await sandbox().files.read(at('deep/er/blob.bin')), content)).toBe(0);
    expect((await sandbox().exec(`wc -c < deep/er/blob.bin | tr -d ' '`)).stdout.toString()).toBe(
      '1000000\n',
    );
  });

  it('shows the agent what was written, and the other way round', async () => {
    await sandbox().files.write([file('from harness.txt', 'hello'), file('empty', '')]);
    expect((await sandbox().exec('cat "from harness.txt" empty')).stdout.toString()).toBe('hello');
    await sandbox().exec('printf changed > "from harness.txt"; mkdir -p new && echo x > new/file');
    expect((await sandbox().files.read(at('from harness.txt'))).toString()).toBe('changed');
    expect((await sandbox().files.read(at('new/file'))).toString()).toBe('x\n');
  });

  it('lets the agent write beside what it was given', async () => {
    await sandbox().files.write([file('given/a/file', 'x')]);
    expect((await sandbox().exec('echo y >> given/a/file && echo z > given/a/other')).exitCode).toBe(0);
  });

  it('gives the agent every folder of a large tree, so that it can write there', async () => {
    const folders = Array.from({ length: 60 }, (_, index) => `large/folder ${index}`);
    await sandbox().files.write(folders.map((folder) => file(`${folder}/file`, 'x')));
    const { exitCode } = await sandbox().exec(
      'for folder in large/*; do echo y > "$folder/other" || exit 1; done',
    );
    expect(exitCode).toBe(0);
  });

  it('overwrites', async () => {
    await sandbox().files.write([file('over', 'a long first text')]);
    await sandbox().files.write([file('over', 'short')]);
    expect((await sandbox().files.read(at('over'))).toString()).toBe('short');
  });

  it('keeps modes', async () => {
    await sandbox().files.write([file('tool.sh', '#!/bin/sh\necho ran\n', 0o755)]);
    const modes = Object.fromEntries(
      (await sandbox().files.collect([at('tool.sh'), at('over')])).map((f) => [f.path, f.mode]),
    );
    expect(modes).toEqual({ [at('tool.sh')]: 0o755, [at('over')]: 0o644 });
  });

  it('writes symbolic links', async () => {
    const link = (target: string) => ({ path: at('links/now'), content: Buffer.alloc(0), target });
    await sandbox().files.write([{ path: at('links/a b'), content: Buffer.from('x') }, link('a b')]);
    const { stdout } = await sandbox().exec(`readlink "${at('links/now')}"; cat "${at('links/now')}"`);
    expect(stdout.toString()).toBe('a b\nx');
  });

  it('says which file cannot be read', async () => {
    await expect(sandbox().files.read(at('no/such'))).rejects.toMatchObject({
      code: 'sandbox-failed',
      message: expect.stringContaining(at('no/such')),
    });
    await expect(sandbox().files.read(spec.workdir)).rejects.toMatchObject({ code: 'sandbox-failed' });
  });

  it('collects every file below the paths, without links', async () => {
    await sandbox().exec(
      'mkdir -p tree/sub && echo 1 > tree/one && echo 2 > "tree/sub/t w o" && ln -s one tree/link && ln -s sub tree/dirlink',
    );
    const found = await sandbox().files.collect([at('tree'), at('over'), at('missing')]);
    expect(found.map((f) => [f.path, Buffer.from(f.content).toString()]).sort()).toEqual([
      [at('over'), 'short'],
      [at('tree/one'), '1\n'],
      [at('tree/sub/t w o'), '2\n'],
    ]);
  });

  it.runIf(provider.capabilities.has('users') && spec.profile === 'hardened')(
    "keeps files of the harness out of the agent's hands",
    async () => {
      await sandbox().files.write(
        [{ path: '/harness/secret.sh', content: Buffer.from('safe'), mode: 0o644 }],
        {
          owner: 'harness',
        },
      );
      const tried = await sandbox().exec(
        'echo mine > /harness/secret.sh; rm -f /harness/secret.sh; mv /harness /tmp/h',
      );
      expect(tried.exitCode).not.toBe(0);
      expect((await sandbox().files.read('/harness/secret.sh')).toString()).toBe('safe');
    },
  );
}
