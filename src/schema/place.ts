/** A place of a contract taken apart; what is absent is not narrowed. `*` stands for any text. */
export interface Place {
  /** A glob over paths of files, or over JSON pointers. */
  path: string;
  table?: string;
  /** Value of the record's first field. */
  key?: string;
  field?: string;
}

/** Takes `PATH[#TABLE[/KEY[/FIELD]]]` apart. */
export function parsePlace(text: string): Place {
  const [path = '', part] = splitOnce(text, '#');
  if (part === undefined) return { path };
  const [table = '', rest] = splitOnce(part, '/');
  if (rest === undefined) return { path, table };
  const [key = '', field] = splitOnce(rest, '/');
  return { path, table, key, ...(field !== undefined && { field }) };
}

/** The tool and the argument that `tool:NAME[#ARGUMENT]` names; undefined for a place of the state. */
export function parseTool(text: string): { tool: string; argument?: string } | undefined {
  if (!text.startsWith('tool:')) return undefined;
  const [tool = '', argument] = splitOnce(text.slice('tool:'.length), '#');
  return { tool, ...(argument !== undefined && { argument }) };
}

/** A text in which `*` stands for any text, as a pattern of whole texts. */
export function wildcard(text: string, flags = 's'): RegExp {
  const source = text.replace(/[.+?^${}()|[\]\\*]/g, (sign) => (sign === '*' ? '.*' : `\\${sign}`));
  return new RegExp(`^${source}$`, flags);
}

function splitOnce(text: string, at: string): [string, string?] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
