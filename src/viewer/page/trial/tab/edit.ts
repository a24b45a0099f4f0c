import type { Body } from '../../../../schema/body.ts';
import { builtinTools } from '../../../../schema/builtin-tool.ts';

/** What a call of the file tool puts in the place of what. */
export interface Edit {
  command: string;
  path: string;
  before: string;
  after: string;
  /** The line that an insertion follows. */
  line?: number;
}

/** The edit that a call asks for; undefined where it is none, or its arguments lie beside the log. */
export function editOf(tool: string, body: Body): Edit | undefined {
  if (tool !== builtinTools.edit || typeof body !== 'string') return undefined;
  const { command, path, ...more } = argumentsOf(body);
  if (typeof command !== 'string' || typeof path !== 'string') return undefined;
  const text = (name: string) => (typeof more[name] === 'string' ? more[name] : '');
  const edit = { command, path, before: '' };
  if (command === 'create') return { ...edit, after: text('file_text') };
  if (command === 'str_replace') return { ...edit, before: text('old_str'), after: text('new_str') };
  if (command !== 'insert') return undefined;
  return { ...edit, after: text('insert_text'), line: Number(more.insert_line) };
}

function argumentsOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
