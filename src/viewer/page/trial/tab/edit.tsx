import type { Body } from '../../../../schema/body.ts';
import { builtinTools } from '../../../../schema/builtin-tool.ts';
import { jsonIn } from '../../text/json-in.ts';
import { Visible } from '../../text/visible.tsx';
import { FileDiff } from './file-diff.tsx';

/** What an edit takes out and puts in, as a diff without the lines around it. */
export function EditView({ edit, marks }: { edit: Edit; marks: readonly string[] }) {
  const { command, path, before, after, line } = edit;
  return (
    <>
      <p className="edited">
        <span className="badge">{command}</span> <Visible text={path} marks={marks} />
        {line === undefined ? '' : ` after line ${line}`}
      </p>
      {before === after ? (
        <p className="note">nothing is changed by it</p>
      ) : (
        <FileDiff before={before} after={after} marks={marks} part />
      )}
    </>
  );
}

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
  const { command, path, ...more } = (jsonIn(body) ?? {}) as Record<string, unknown>;
  if (typeof command !== 'string' || typeof path !== 'string') return undefined;
  const text = (name: string) => (typeof more[name] === 'string' ? more[name] : '');
  const edit = { command, path, before: '' };
  if (command === 'create') return { ...edit, after: text('file_text') };
  if (command === 'str_replace') return { ...edit, before: text('old_str'), after: text('new_str') };
  if (command !== 'insert') return undefined;
  return { ...edit, after: text('insert_text'), line: Number(more.insert_line) };
}
