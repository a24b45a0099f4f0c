import { createHash } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { connectEngine } from '../../../src/sandbox/docker/engine.ts';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import { engine, engineNote } from '../../engine.ts';
import { folderOf } from '../../folder.ts';
import { specOf } from './spec.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const images: string[] = [];
afterAll(async () => {
  for (const id of images) await connectEngine().getImage(id).remove({ force: true });
});

it.skipIf(!engine).each([
  ['no find', 'rm /usr/bin/find'],
  [
    'a find that is not GNU’s',
    `printf '#!/bin/sh\\necho unrecognized: -printf >&2; exit 1\\n' > /usr/bin/find`,
  ],
])(
  `an image with %s is surveyed all the same${engineNote}`,
  async (_, change) => {
    const context = folderOf({ Dockerfile: `FROM debian:bookworm-slim\nRUN ${change}\n` });
    const provider = dockerProvider({ runId: 'test-outside', poolSize: 0 });
    const sandbox = await provider.open(specOf({ image: { kind: 'build', context }, files: [] }));
    images.push(sandbox.info.imageId as string);
    try {
      await sandbox.exec(
        'mkdir -p s/sub; printf one > s/one; ln s/one s/same; ln -s one s/link; chmod 640 s/one; ' +
          String.raw`printf e > "s/$(printf 'caf\351')"; printf f > "s/$(printf 'caf\350')"`,
      );
      const root = `${sandbox.info.workdir}/s`;
      const file = { type: 'file', mode: '640', size: 3, sha256: sha256('one') };
      const found = await sandbox.files.survey([root, '/not/there']);
      expect(found).toEqual({
        [root]: { type: 'directory', mode: '755', size: 0 },
        [`${root}/sub`]: { type: 'directory', mode: '755', size: 0 },
        [`${root}/one`]: file,
        [`${root}/same`]: file,
        [`${root}/caf\\xe9`]: { type: 'file', mode: '644', size: 1, sha256: sha256('e') },
        [`${root}/caf\\xe8`]: { type: 'file', mode: '644', size: 1, sha256: sha256('f') },
        [`${root}/link`]: { type: 'link', mode: '777', size: 3, target: 'one' },
      });
      await sandbox.exec('printf uno > s/one; rm s/link');
      const after = await sandbox.files.survey([root]);
      expect([after[`${root}/same`], after[`${root}/link`]]).toEqual([
        { ...file, sha256: sha256('uno') },
        undefined,
      ]);
    } finally {
      await sandbox.close();
      await provider.close();
    }
  },
  60_000,
);
