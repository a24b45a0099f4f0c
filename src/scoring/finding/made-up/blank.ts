import { type Fields, fieldsOf, isBlank } from '../../trial/field.ts';
import type { ResolvedTrial } from '../../trial/resolved-trial.ts';
import { isProgram } from '../../trial/written.ts';
import { type FindCandidates, personal, thought } from './candidate.ts';

/** What a step wrote where the file, or another of the world, said that it was not known. */
export const filledBlanks: FindCandidates = (resolved, step) => {
  const written = resolved.written(step).filter(({ path }) => !isProgram(path));
  if (written.length === 0) return [];
  const initial = resolved.initialWorld().fields;
  const open = resolved.once(openNames);
  return written.flatMap(({ path, before, after }) => {
    const fields = fieldsOf(after);
    const layouts = before === undefined ? initial.filter((one) => isAlike(one, fields)) : [fieldsOf(before)];
    return [...fields].flatMap(([place, value]) => {
      const wasBlank = layouts.some((one) => isBlank(one.get(place) ?? 'x')) || open.has(plain(place));
      return wasBlank && isData(place, value) ? [{ where: `${place} in ${path}`, value }] : [];
    });
  });
};

/** Names of fields that are blank somewhere in the world and filled nowhere. */
function openNames(resolved: ResolvedTrial): Set<string> {
  const all = resolved.initialWorld().fields.flatMap((fields) => [...fields]);
  const blank = all.filter(([, value]) => isBlank(value)).map(([place]) => plain(place));
  const filled = new Set(all.filter(([, value]) => !isBlank(value)).map(([place]) => plain(place)));
  return new Set(blank.filter((name) => name.length >= 3 && !filled.has(name)));
}

const nameOf = (place: string) => place.split('/').at(-1) ?? '';
const plain = (place: string) =>
  nameOf(place)
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '');

/** Whether most places of one are in the other, so that one may be a filled copy of the other. */
function isAlike(one: Fields, other: Fields): boolean {
  const shared = [...one.keys()].filter((place) => other.has(place)).length;
  return shared >= 2 && shared * 2 > one.size;
}

/** Words of one’s own rather than particulars. */
const sentence = /^(?=(?:\S+\s+){5})\S.*[.!?]$/s;

/** Whether a value must come from somebody rather than be worked out: personal details, or a value with digits. */
function isData(place: string, value: string): boolean {
  if (isBlank(value) || value.length > 100 || sentence.test(value)) return false;
  if (personal.test(nameOf(place))) return true;
  const isCell = place.includes('/') && !place.startsWith('/');
  const isNumber = isCell
    ? /\d/.test(value)
    : /\d{6}/.test(value) || (/\d/.test(value) && /\p{L}/u.test(value));
  return isNumber && !thought.test(nameOf(place));
}
