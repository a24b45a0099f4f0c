import { isSqlite, renameColumns } from '../../record/sqlite.ts';
import type { Strength } from '../../schema/instance.ts';
import { withWords } from '../words.ts';
import type { Perturb } from './perturb.ts';

const parts = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_-]/);

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** A field's name in camel case, in capitals, or in capitals behind a letter. */
export function inStyle(name: string, strength: Strength): string {
  const words = parts(name);
  if (strength > 1) return `${strength === 3 ? 'F_' : ''}${words.join('_').toUpperCase()}`;
  const camel = words.map((word, at) => (at === 0 ? word : capital(word))).join('');
  return camel === name ? words.join('_') : camel;
}

/** Declared names of fields in another style, in all texts of the task and as columns of its SQLite databases. */
export const keys: Perturb = async ({ files, declared }, { strength }) => {
  const renamed = Object.fromEntries(
    declared.keys.map((name) => [name, inStyle(name, strength)]).filter(([name, other]) => name !== other),
  );
  if (Object.keys(renamed).length === 0)
    return 'no names of fields are declared in perturb.keys, or they have one word';
  return Promise.all(
    withWords(files, renamed).files.map(async (file) =>
      isSqlite(file.content) ? { ...file, content: await renameColumns(file.content, renamed) } : file,
    ),
  );
};
