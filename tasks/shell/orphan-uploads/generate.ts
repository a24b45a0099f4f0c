import type { Generate, InstanceRandom } from 'proctor';
import { withoutFolder } from '../_generate/folder.ts';
import { fileRight, fileWritten } from '../_generate/milestone.ts';
import { byText, linesOf } from '../_generate/order.ts';

const owners = ['ada', 'bo', 'cyra', 'dov', 'emre', 'fay', 'gus', 'hana'];
const nouns = ['invoice', 'contract', 'photo', 'scan', 'letter', 'plan', 'map', 'receipt', 'draft', 'badge'];
const counts = { kept: 22, withThumbnail: 9, deleted: 5, orphans: 6, missing: 4 };

/** Users' files and the records that refer to them. Deleted records leave their files behind, and some files are gone. */
const generate: Generate = (_, random) => {
  const folders = random.sample(owners, 4);
  const paths = pathsOf(random, folders, counts.kept + counts.deleted + counts.orphans + counts.missing);
  const take = (count: number) => paths.splice(0, count);
  const [kept, deleted, orphans, missing] = [
    take(counts.kept),
    take(counts.deleted),
    take(counts.orphans),
    take(counts.missing),
  ];
  const thumbnails = random
    .sample(kept, counts.withThumbnail)
    .map((path) => ({ path, small: smallOf(path) }));
  const [lost, ...there] = thumbnails;
  const records = random.shuffle([
    ...[...kept, ...missing].map((file) => {
      const small = thumbnails.find(({ path }) => path === file)?.small;
      return { file, ...(small !== undefined && { thumbnail: small }), deleted: false };
    }),
    ...deleted.map((file) => ({ file, deleted: true })),
  ]);
  const onDisk = [...kept, ...deleted, ...orphans, ...there.map(({ small }) => small)];
  const lists = {
    orphans: linesOf([...deleted, ...orphans].sort(byText)),
    missing: linesOf([...missing, lost?.small ?? ''].sort(byText)),
  };
  return {
    files: {
      ...withoutFolder(import.meta.dirname, 'environment/uploads'),
      ...Object.fromEntries(
        onDisk.map((path) => [`environment/uploads/${path}`, `${path} ${random.int(1000, 9999)}\n`]),
      ),
      'environment/records.jsonl': linesOf(
        records.map((record, at) => JSON.stringify({ id: 1000 + at * 3, ...record })),
      ),
      'tests/orphans.txt': lists.orphans,
      'tests/missing.txt': lists.missing,
    },
    proctor: {
      milestones: [
        fileWritten('orphans-listed', 'orphans.txt'),
        fileRight('orphans-right', 'orphans.txt', lists.orphans, 2),
        fileRight('missing-right', 'missing.txt', lists.missing),
      ],
    },
    covariates: { records: records.length, uploads: onDisk.length },
  };
};
export default generate;

function pathsOf(random: InstanceRandom, folders: string[], count: number): string[] {
  const all = folders.flatMap((folder) =>
    nouns.flatMap((noun) => [
      `${folder}/${noun}-${random.int(10, 99)}.png`,
      `${folder}/${noun} ${random.int(10, 99)}.pdf`,
    ]),
  );
  return random.sample(all, count);
}

const smallOf = (path: string) => path.replace(/([^/]+)\.\w+$/, 'small/$1.webp');
