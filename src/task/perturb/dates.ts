import { Minimatch } from 'minimatch';
import { changeTexts, isSqlite } from '../../record/sqlite.ts';
import type { AuthorFile } from '../../schema/author-folder.ts';
import type { Strength } from '../../schema/instance.ts';
import { textOf } from '../words.ts';
import type { Perturb } from './perturb.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days such as `2026-03-01` as `2026/03/01`, `01.03.2026` or `1 Mar 2026`. */
export function withDates(text: string, strength: Strength): string {
  return text.replace(
    /(?<![\w-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w-])/g,
    (_, year, month, day) => {
      if (strength === 1) return `${year}/${month}/${day}`;
      return strength === 2
        ? `${day}.${month}.${year}`
        : `${Number(day)} ${months[Number(month) - 1]} ${year}`;
    },
  );
}

/** The days in declared files in another format, those in texts of SQLite databases too. */
export const dates: Perturb = async ({ files, declared }, { strength }) => {
  const globs = declared.dates.map((glob) => new Minimatch(glob, { dot: true }));
  const inForm = (text: string) => withDates(text, strength);
  const contentOf = async (file: AuthorFile): Promise<Buffer> => {
    if (!globs.some((glob) => glob.match(file.path))) return file.content;
    if (isSqlite(file.content)) return changeTexts(file.content, inForm);
    const text = textOf(file);
    return text === undefined ? file.content : Buffer.from(inForm(text));
  };
  const now = await Promise.all(files.map(async (file) => ({ ...file, content: await contentOf(file) })));
  const changes = now.some(({ content }, at) => files[at] && !content.equals(files[at].content));
  return changes ? now : 'perturb.dates names no file with a day such as 2026-03-01';
};
