import type { HarborTask } from '../../schema/harbor-task.ts';

/** What becomes of a field of the Harbor format here. */
export interface FieldHandling {
  handling: 'honoured' | 'warned' | 'refused';
  /** What Proctor does with it, or why it does not, in half a sentence. */
  what: string;
  /** Why this value cannot be honoured, where it can't. A warned field without this is warned of whenever it says something. */
  objection?(value: unknown, task: HarborTask): string | undefined;
}

/** Field name, or path below a section, → what becomes of it. */
export type Section = Record<string, FieldHandling>;

const handled =
  (handling: FieldHandling['handling']) =>
  (what: string, objection?: FieldHandling['objection']): FieldHandling => ({
    handling,
    what,
    ...(objection && { objection }),
  });
export const honoured = handled('honoured');
export const warned = handled('warned');
export const refused = handled('refused');

/** The fields of a section with their whole paths. */
export function under(prefix: string, section: Section): Section {
  return Object.fromEntries(Object.entries(section).map(([name, field]) => [`${prefix}${name}`, field]));
}
