import { addTable, isSqlite } from '../../record/sqlite.ts';
import type { AuthorFile } from '../../schema/author-folder.ts';
import type { InstanceRandom } from '../random.ts';
import type { Perturb } from './perturb.ts';

const counts = { 1: 2, 2: 6, 3: 15 } as const;

const topics = [
  'retro',
  'onboarding',
  'parking',
  'lunch',
  'newsletter',
  'holidays',
  'office-plants',
  'book-club',
  'coffee-machine',
  'lost-property',
];
const endings = ['md', 'txt', 'rst'];
const sentences = [
  'The room by the stairs is taken in the mornings.',
  'Whoever leaves last turns off the lights.',
  'We agreed to talk about this again next month.',
  'The new chairs are better than the old ones.',
  'Nobody has found the key to the bicycle shed.',
  'The kettle in the kitchen is descaled on Fridays.',
  'Minutes are sent round by whoever took them.',
  'There was cake, and there will be cake again.',
];

/** Files of the office that have nothing to do with the task, in a folder of their own, and a table of such in each SQLite database. */
export const distractors: Perturb = async ({ files, declared }, { strength, random }) => {
  if (declared.off.includes('distractors')) return 'perturb.off of the task names it';
  const own = files.filter(({ path }) => path.startsWith('environment/'));
  if (own.length === 0) return 'the task puts no files into the working directory';
  if (own.some(({ path }) => path === 'environment/Dockerfile')) return 'the task has an image of its own';
  const folder = ['office', 'misc', 'kept'].find((name) =>
    own.every(({ path }) => !path.startsWith(`environment/${name}/`)),
  );
  const names = random.sample(
    topics.flatMap((topic) => endings.map((ending) => `${topic}.${ending}`)),
    counts[strength],
  );
  const added = names.map((name) => ({
    path: `environment/${folder ?? 'paper'}/${name}`,
    content: Buffer.from(page(random)),
    mode: 0o644,
  }));
  const noted = Array.from({ length: counts[strength] }, () => random.pick(sentences));
  return [...(await Promise.all(files.map((file) => withTable(file, noted)))), ...added];
};

/** Those that checks compare with have it too, so that what is compared stays the same. */
const withTable = async (file: AuthorFile, rows: readonly string[]): Promise<AuthorFile> =>
  isSqlite(file.content)
    ? { ...file, content: await addTable(file.content, { name: 'office_notes', column: 'note', rows }) }
    : file;

const page = (random: InstanceRandom) => `${random.sample(sentences, random.int(2, 5)).join('\n')}\n`;
