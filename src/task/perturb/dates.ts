import { Minimatch } from 'minimatch';
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

/** The days in declared files in another format. */
export const dates: Perturb = ({ files, declared }, { strength }) => {
  const globs = declared.dates.map((glob) => new Minimatch(glob, { dot: true }));
  let changed = false;
  const now = files.map((file) => {
    const text = globs.some((glob) => glob.match(file.path)) ? textOf(file) : undefined;
    const other = text === undefined ? undefined : withDates(text, strength);
    if (other === undefined || other === text) return file;
    changed = true;
    return { ...file, content: Buffer.from(other) };
  });
  return changed ? now : 'perturb.dates names no file with a day such as 2026-03-01';
};
