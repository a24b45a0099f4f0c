import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Subject } from '../conformance.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export function surveyConformance({ sandbox, spec, provider }: Subject): void {
  const root = `${spec.workdir}/state`;
  const survey = () => sandbox().files.survey([root]);

  it('tells types, modes, sizes, digests and link targets', async () => {
    await sandbox().exec(
      `mkdir -p state/sub && printf one > state/one && printf two > 'state/sub/t w o' && ln -s one state/link`,
    );
    await sandbox().exec('chmod 640 state/one; chmod 644 state/sub/*; chmod 755 state state/sub');
    expect(await survey()).toEqual({
      [root]: { type: 'directory', mode: '755', size: 0 },
      [`${root}/one`]: { type: 'file', mode: '640', size: 3, sha256: sha256('one') },
      [`${root}/sub`]: { type: 'directory', mode: '755', size: 0 },
      [`${root}/sub/t w o`]: { type: 'file', mode: '644', size: 3, sha256: sha256('two') },
      [`${root}/link`]: { type: 'link', mode: '777', size: 3, target: 'one' },
    });
  });

  it('answers the same while nothing changes, whatever the times say', async () => {
    const before = await survey();
    expect(await survey()).toEqual(before);
    await sandbox().exec('touch state/one state/sub; cat state/one');
    expect(await survey()).toEqual(before);
  });

  it('notices a change of the same size', async () => {
    const before = await survey();
    await sandbox().exec('printf uno > state/one');
    expect(await survey()).toEqual({
      ...before,
      [`${root}/one`]: { ...before[`${root}/one`], sha256: sha256('uno') },
    });
  });

  it('notices removal, creation and a new mode', async () => {
    await sandbox().exec('rm state/link; printf x > state/new; chmod 600 state/one');
    const after = await survey();
    expect(after[`${root}/link`]).toBeUndefined();
    expect(after[`${root}/new`]).toMatchObject({ type: 'file', sha256: sha256('x') });
    expect(after[`${root}/one`]?.mode).toBe('600');
  });

  it('gives the contents of what it found, and not of what has changed since', async () => {
    const found = await survey();
    const files = ['new', 'one', 'sub/t w o'].map((name) => {
      const { size = 0, sha256 = '' } = found[`${root}/${name}`] ?? {};
      return { path: `${root}/${name}`, size, sha256 };
    });
    const texts = async () =>
      [...(await sandbox().files.contents(files)).values()].map((content) => content.toString());
    expect(await texts()).toEqual(['x', 'uno', 'two']);
    await sandbox().exec(`printf 'tre' > 'state/sub/t w o'`);
    expect(await texts()).toEqual(['x', 'uno']);
    await sandbox().exec(`printf two > 'state/sub/t w o'`);
  });

  it('leaves missing paths out and takes several', async () => {
    const paths = Object.keys(await sandbox().files.survey([`${root}/new`, `${root}/no`, `${root}/sub`]));
    expect(paths.sort()).toEqual([`${root}/new`, `${root}/sub`, `${root}/sub/t w o`]);
    expect(await sandbox().files.survey([`${root}/no`])).toEqual({});
  });

  it.runIf(provider.capabilities.has('kernel'))(
    'copes with any file name, and with times that were put back',
    async () => {
      const before = await survey();
      await sandbox().exec(`printf x > 'state/new
line\\n "q"'; touch -r state/one ref; printf due > state/one; touch -r ref state/one`);
      const after = await survey();
      expect(after[`${root}/new\nline\\n "q"`]).toMatchObject({ sha256: sha256('x') });
      expect(after[`${root}/one`]).toEqual({ ...before[`${root}/one`], sha256: sha256('due') });
    },
  );

  it.runIf(provider.capabilities.has('kernel'))(
    'tells names apart that are not UTF-8, and reads them',
    async () => {
      await sandbox().exec(
        String.raw`(cd state; printf e > "$(printf 'caf\351')"; printf f > "$(printf 'caf\350')"; printf g > 'caf\xe9')`,
      );
      const after = await survey();
      const paths = ['caf\\xe9', 'caf\\xe8', 'caf\\x5cxe9'].map((name) => `${root}/${name}`);
      expect(paths.map((path) => after[path]?.sha256)).toEqual(['e', 'f', 'g'].map(sha256));
      const files = paths.map((path) => ({ path, size: 1, sha256: after[path]?.sha256 ?? '' }));
      expect([...(await sandbox().files.contents(files)).values()].join('')).toBe('efg');
      expect((await sandbox().files.read(paths[0] ?? '')).toString()).toBe('e');
      await sandbox().exec('rm state/caf*');
    },
  );

  it.runIf(provider.capabilities.has('kernel'))(
    'collects files whose names are not UTF-8, and writes them elsewhere under the same',
    async () => {
      await sandbox().exec(
        String.raw`(mkdir -p state/odd; cd state/odd; d="$(printf 'd\351')"; mkdir "$d"; printf e > "$d/$(printf 'caf\351')"; printf f > "$(printf 'caf\350')"; printf g > 'caf\xe9'; printf ü > ü)`,
      );
      const names = ['d\\xe9/caf\\xe9', 'caf\\xe8', 'caf\\x5cxe9', 'ü'];
      const found = await sandbox().files.collect([`${root}/odd`]);
      expect(Object.fromEntries(found.map(({ path, content }) => [path, String(content)]))).toEqual(
        Object.fromEntries(names.map((name, index) => [`${root}/odd/${name}`, 'efgü'[index]])),
      );
      await sandbox().files.write(
        found.map((file) => ({ ...file, path: file.path.replace('/odd/', '/odd2/') })),
      );
      const same = await sandbox().exec(
        'diff -r state/odd state/odd2 && ls state/odd2 | wc -l; rm -r state/odd*',
      );
      expect(same.stdout.toString()).toBe('4\n');
    },
  );

  it.runIf(provider.capabilities.has('kernel'))('sees into what the agent closed to itself', async () => {
    await sandbox().exec(
      'mkdir -p state/shut; printf in > state/shut/file; chmod 000 state/shut/file state/shut',
    );
    expect((await survey())[`${root}/shut/file`]).toEqual({
      type: 'file',
      mode: '0',
      size: 2,
      sha256: sha256('in'),
    });
    await sandbox().exec('chmod 755 state/shut');
  });
}
