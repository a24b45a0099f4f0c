import { type FieldHandling, handled, type Section } from '../harbor/field.ts';

/**
 * What becomes of a field of a compose file here. An objection is to a value of the service of that name; a warned or refused field without
 * one is named whenever it says something.
 */
export interface ComposeField extends FieldHandling<string> {
  /** Whether an objection refuses the task; where absent, that of a refused field does. */
  refuses?: boolean;
}

/** Field name, or path below a section, → what becomes of it. `*` stands for any name, `[]` for the members of a list. */
export type ComposeSection = Section<ComposeField>;

export const honoured = handled<string>('honoured');
export const warned = handled<string>('warned');
export const refused = handled<string>('refused');

/** Honoured but for values that lead out of the container, which refuse the task. */
export const within = (what: string, objection: ComposeField['objection']): ComposeField => ({
  ...honoured(what, objection),
  refuses: true,
});

/** Refuses or warns of every value but these. */
export const onlyOf =
  (values: readonly unknown[], why: string): ComposeField['objection'] =>
  (value) =>
    values.includes(value) ? undefined : why;
