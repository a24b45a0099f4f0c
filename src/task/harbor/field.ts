import type { HarborTask } from '../../schema/harbor-task.ts';

/** What becomes of a field of a format from elsewhere here: the Harbor format, or what else `About` is of. */
export interface FieldHandling<About = HarborTask> {
  handling: 'honoured' | 'warned' | 'refused';
  /** What Proctor does with it, or why it does not, in half a sentence. */
  what: string;
  /** Why this value cannot be honoured, where it can't. A warned field without this is warned of whenever it says something. */
  objection?(value: unknown, about: About): string | undefined;
}

/** Field name, or path below a section, → what becomes of it. */
export type Section<Field = FieldHandling> = Record<string, Field>;

export const handled =
  <About = HarborTask>(handling: FieldHandling['handling']) =>
  (what: string, objection?: FieldHandling<About>['objection']): FieldHandling<About> => ({
    handling,
    what,
    ...(objection && { objection }),
  });
export const honoured = handled('honoured');
export const warned = handled('warned');
export const refused = handled('refused');

/** The fields of a section with their whole paths. */
export function under<Field>(prefix: string, section: Section<Field>): Section<Field> {
  return Object.fromEntries(Object.entries(section).map(([name, field]) => [`${prefix}${name}`, field]));
}
