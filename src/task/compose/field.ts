/** What becomes of a field of a compose file here. */
export interface ComposeField {
  handling: 'honoured' | 'warned' | 'refused';
  /** What Proctor does with it, or why it does not, in half a sentence. */
  what: string;
  /**
   * Why this value cannot be honoured, where it can't. A warned or refused field without this is named whenever it says something;
   * `service` is the name of the service that has it.
   */
  objection?(value: unknown, service: string): string | undefined;
  /** Whether an objection refuses the task; where absent, that of a refused field does. */
  refuses?: boolean;
}

/** Field name, or path below a section, → what becomes of it. `*` stands for any name, `[]` for the members of a list. */
export type ComposeSection = Record<string, ComposeField>;

const handled =
  (handling: ComposeField['handling']) =>
  (what: string, objection?: ComposeField['objection']): ComposeField => ({
    handling,
    what,
    ...(objection && { objection }),
  });
export const honoured = handled('honoured');
export const warned = handled('warned');
export const refused = handled('refused');

/** Honoured but for values that lead out of the container, which refuse the task. */
export const within = (what: string, objection: ComposeField['objection']): ComposeField => ({
  ...honoured(what, objection),
  refuses: true,
});

/** The fields of a section with their whole paths. */
export const below = (prefix: string, section: ComposeSection): ComposeSection =>
  Object.fromEntries(Object.entries(section).map(([name, field]) => [`${prefix}${name}`, field]));

/** Refuses or warns of every value but these. */
export const onlyOf =
  (values: readonly unknown[], why: string): ComposeField['objection'] =>
  (value) =>
    values.includes(value) ? undefined : why;
