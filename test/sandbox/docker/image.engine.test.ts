import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { connectEngine } from '../../../src/sandbox/docker/engine.ts';
import { basesOf, imagesOf } from '../../../src/sandbox/docker/image.ts';
import type { ImageSource } from '../../../src/sandbox/sandbox.ts';
import { engine, engineNote } from '../../engine.ts';
import { folderOf } from '../../folder.ts';

const base = 'debian:bookworm-slim';
const bases = { 'ubuntu:24.04': base };
const absent = 'proctor-test.invalid/absent:1';

type Build = Extract<ImageSource, { kind: 'build' }>;

describe.runIf(engine)(`images${engineNote}`, { timeout: 120_000 }, () => {
  const docker = connectEngine();
  const built: string[] = [];

  /** Gets an image by an own look-up, with the lines it told. */
  async function get(source: ImageSource) {
    const told: string[] = [];
    const image = await imagesOf(docker)(source, (line) => told.push(line));
    built.push(image.Id);
    return { image, told };
  }

  /** A build that no other test has made before. */
  const build = (dockerfile: string, rest: Partial<Build> = {}): Build => ({
    kind: 'build',
    context: folderOf({ Dockerfile: `${dockerfile}\nLABEL made.for=${randomUUID()}\n` }),
    ...rest,
  });

  afterAll(async () => {
    for (const id of new Set(built)) await docker.getImage(id).remove({ force: true });
  });

  test('are built from the bases that a map names, in each stage but those of the file itself', async () => {
    const file = 'FROM --platform=linux/amd64 ubuntu:24.04 AS first\nENV MADE=1\nFROM first\nENV MORE=2';
    const { image } = await get(build(file, { bases }));
    expect(image.Config.Env).toEqual(expect.arrayContaining(['MADE=1', 'MORE=2']));
    expect(image.RootFS.Layers).toEqual((await docker.getImage(base).inspect()).RootFS.Layers);
  });

  test('are built once and found the next time', async () => {
    const source = build(`FROM ${base}`);
    const first = await get(source);
    const second = await get(source);
    expect(second.image.Id).toBe(first.image.Id);
    expect(first.told.length).toBeGreaterThan(0);
    expect(second.told).toEqual([]);
  });

  test('that are prebuilt but not to be had are built from the Dockerfile beside them, as is said', async () => {
    const { image, told } = await get(build(`FROM ${base}\nENV BUILT=here`, { prebuilt: absent }));
    expect(image.Config.Env).toContain('BUILT=here');
    expect(told).toContain(`${absent} is not available; its Dockerfile is built instead`);
  });

  test('that are prebuilt and to be had are not built', async () => {
    const source = build('FROM nowhere.invalid/never:1', { prebuilt: base });
    const image = await imagesOf(docker)(source, () => {});
    expect(image.RepoTags).toContain(base);
  });

  test('are given up in one line where the build takes longer than allowed', async () => {
    const source = build(`FROM ${base}\nRUN sleep 120`, { timeoutSec: 2 });
    await expect(get(source)).rejects.toMatchObject({
      code: 'image-build-failed',
      message: expect.stringMatching(/^The image of \S+ did not build: it took longer than 2 s[^\n]*$/),
    });
  });

  test('that do not build say what the engine said last', async () => {
    await expect(get(build(`FROM ${base}\nRUN echo no such luck; exit 7`))).rejects.toMatchObject({
      code: 'image-build-failed',
      message: expect.stringMatching(/returned a non-zero code: 7.*no such luck[^\n]*$/),
    });
  });

  test('that are nowhere are named in one line with what to do', async () => {
    await expect(get({ kind: 'reference', reference: absent })).rejects.toMatchObject({
      code: 'image-unavailable',
      message: expect.stringMatching(
        /^Image \S+absent:1 is not on this engine and could not be pulled[^\n]*$/,
      ),
    });
  });

  test('bear a layer over them, by the same user', async () => {
    const layer = folderOf({
      Dockerfile: 'ARG BASE\nFROM $BASE\nARG BASE_USER\nUSER root\nENV LAYER=over\nUSER $BASE_USER\n',
    });
    const source = build(`FROM ${base}\nUSER nobody`, { layer });
    const { image } = await get(source);
    expect(image.Config).toMatchObject({ User: 'nobody', Env: expect.arrayContaining(['LAYER=over']) });
  });

  test('bear the program of an agent over that, with the npm packages that its folder locks', async () => {
    const packed = folderOf({
      'tiny/package.json': '{"name":"tiny","version":"1.0.0"}',
      'tiny/t.txt': randomUUID(),
    });
    execFileSync('npm', ['pack', '--silent', './tiny'], { cwd: packed });
    const agentLayer = folderOf({
      'package.json': JSON.stringify({ dependencies: { tiny: `file:${packed}/tiny-1.0.0.tgz` } }),
      Dockerfile:
        'ARG BASE\nARG PACKAGES\nFROM $PACKAGES AS packages\nFROM $BASE\nCOPY --from=packages /node_modules/tiny /opt/tiny\nRUN test -f /opt/tiny/t.txt && test -f /under\n',
    });
    const [lock, ...quiet] = ['--package-lock-only', '--offline', '--no-audit', '--no-fund'];
    execFileSync('npm', ['install', lock as string, ...quiet], { cwd: agentLayer });
    const layer = folderOf({ Dockerfile: 'ARG BASE\nFROM $BASE\nRUN touch /under\n' });
    const source = build(`FROM ${base}`, { layer, agentLayer });
    const fetching = `fetching the packages of ${agentLayer}`;
    expect((await get(source)).told).toContain(fetching);
    expect((await get({ ...source, context: build(`FROM ${base}`).context })).told).not.toContain(fetching);
    const packages = await docker.listImages({ filters: { reference: ['proctor/proctor-test-*-packages'] } });
    built.push(...packages.map(({ Id }) => Id));

    const unknown = `@proctor-test/${randomUUID()}`;
    const missing = folderOf({
      Dockerfile: 'ARG BASE\nFROM $BASE\n',
      'package.json': JSON.stringify({ dependencies: { x: `file:${packed}/${unknown}.tgz` } }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
    });
    await expect(get(build(`FROM ${base}`, { agentLayer: missing }))).rejects.toMatchObject({
      code: 'image-build-failed',
      message: expect.stringMatching(/package-lock\.json: npm could not fetch what it names: .*no such file/),
    });
  });

  test('are built again where a base has the same name and is another, in every stage, and tell what they were built from', async () => {
    const name = `proctor-test-base-${randomUUID().slice(0, 8)}:1`;
    const renewBase = async () => {
      const { image } = await get(build(`FROM ${base}`));
      const [repo = '', tag = ''] = name.split(':');
      await docker.getImage(image.Id).tag({ repo, tag });
      return image.Id;
    };
    const source = build(
      `ARG OF=${name}\nFROM $OF AS first\nFROM ${base}\nCOPY --from=first /etc/hostname /h`,
    );
    const ids = [await renewBase()];
    const first = await get(source);
    ids.push(await renewBase());
    const second = await get(source);
    expect([basesOf(first.image)?.[name], basesOf(second.image)?.[name]]).toEqual(ids);
    expect(second.image.RepoTags).not.toEqual(first.image.RepoTags);
    await docker.getImage(name).remove({ force: true });
    const third = await get(source);
    expect(third.image.Id).toBe(second.image.Id);
    expect(third.told).toContain(`${name} can't be had; what was built of it earlier is used`);
  });

  test('are built on a folder of sandbox-images/ beside their own that they start from by its name', async () => {
    const root = folderOf({
      'sandbox-images/shared/Dockerfile': `FROM ${base}\nENV SHARED=1\nLABEL made.for=${randomUUID()}\n`,
      'environments/one/Dockerfile':
        'FROM sandbox-images/shared AS first\nFROM sandbox-images/shared\nENV OWN=1\nCOPY --from=first /etc/hostname /h\n',
      'environments/two/Dockerfile': 'FROM sandbox-images/missing\n',
    });
    const { image, told } = await get({ kind: 'build', context: join(root, 'environments/one') });
    expect(image.Config.Env).toEqual(expect.arrayContaining(['SHARED=1', 'OWN=1']));
    expect(told.filter((line) => line.startsWith('building '))).toHaveLength(2);
    await expect(get({ kind: 'build', context: join(root, 'environments/two') })).rejects.toThrow(
      `environments/two/Dockerfile starts from sandbox-images/missing; expected a folder ${root}/sandbox-images/missing or `,
    );
  });

  test('are built with BuildKit where the file needs it', async () => {
    const { image } = await get(
      build(
        `# syntax=docker/dockerfile:1\nFROM ${base}\nARG TARGETARCH\nRUN --mount=type=cache,target=/x test -n "$TARGETARCH"\nENV BUILT=yes`,
      ),
    );
    expect(image.Config.Env).toContain('BUILT=yes');
  });

  test('are built of here-documents, whatever the engine knows of them', async () => {
    const file = `FROM ${base}\nRUN <<A\nset -e\nprintf '%s' "a b" > /a\nA\nCOPY --chmod=755 <<'B' /b\n$1\nB\nRUN [ "$(cat /a)" = "a b" ] && [ "$(cat /b)" = '$1' ] && [ -x /b ]`;
    const context = folderOf({
      Dockerfile: `${file}\nLABEL made.for=${randomUUID()}\n`,
      '.dockerignore': '*\n',
    });
    expect((await get({ kind: 'build', context })).image.Id).toMatch(/^sha256:/);
  });

  test('are built of what .dockerignore lets through', async () => {
    const context = folderOf({
      Dockerfile: `FROM ${base}\nCOPY . /all/\nRUN test -f /all/src/keep -a ! -e /all/src/drop -a ! -e /all/big -a ! -e /all/Dockerfile`,
      '.dockerignore': '*\n!src/keep\n',
      'src/keep': 'k',
      'src/drop': 'd',
      big: 'b',
    });
    await get({ kind: 'build', context });
  });

  test('of a context with a name that is not UTF-8 are refused with that name', async () => {
    const source = build(`FROM ${base}`);
    writeFileSync(Buffer.concat([Buffer.from(`${source.context}/caf`), Buffer.from([0xe9])]), '');
    await expect(get(source)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/can't be read: the name caf\uFFFD is not UTF-8$/),
    });
  });
});
