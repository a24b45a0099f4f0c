import { posix } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import { errorOutput, type InProcessTool, textOutput } from '../in-process.ts';
import { type AgentFiles, agentFiles, FileProblem } from './agent-files.ts';
import { insertText, replaceText, snippet, viewText } from './edit-text.ts';

type Command = 'view' | 'create' | 'str_replace' | 'insert';

interface EditArguments {
  command: Command;
  path: string;
  file_text?: string;
  old_str?: string;
  new_str?: string;
  insert_line?: number;
  insert_text?: string;
  view_range?: [number, number];
}

const needed: Record<Command, (keyof EditArguments)[]> = {
  view: [],
  create: ['file_text'],
  str_replace: ['old_str'],
  insert: ['insert_line', 'insert_text'],
};

/** The file tool, with the rights of the agent. */
export function editTool(sandbox: Sandbox): InProcessTool {
  return {
    name: builtinTools.edit,
    description:
      'Views, creates and edits text files (UTF-8). `view` shows a file with line numbers, or what a directory holds, two levels deep; ' +
      '`create` writes a whole file, over one that is there, and makes its directories; `str_replace` replaces the one place where `old_str` ' +
      'stands, character for character; `insert` puts `insert_text` after the line `insert_line`, 0 for the top. Paths are absolute. ' +
      'Changes are written at once and last.',
    inputSchema: {
      type: 'object',
      properties: {
        command: { type: 'string', enum: Object.keys(needed) },
        path: {
          type: 'string',
          minLength: 1,
          description: `Absolute path, such as ${sandbox.info.workdir}/notes.txt.`,
        },
        file_text: { type: 'string', description: 'For `create`: what the file is to hold.' },
        old_str: {
          type: 'string',
          description: 'For `str_replace`: the text to replace, which must stand there once.',
        },
        new_str: { type: 'string', description: 'For `str_replace`: the new text; nothing when absent.' },
        insert_line: { type: 'integer', minimum: 0, description: 'For `insert`: the line to insert after.' },
        insert_text: { type: 'string', description: 'For `insert`: the text to insert.' },
        view_range: {
          type: 'array',
          items: { type: 'integer' },
          minItems: 2,
          maxItems: 2,
          description: 'For `view` of a file: first and last line, from 1; -1 as the last is the end.',
        },
      },
      required: ['command', 'path'],
      additionalProperties: false,
    },
    async call(args, { signal, timeoutMs }) {
      const edit = args as unknown as EditArguments;
      const missing = needed[edit.command].filter((key) => edit[key] === undefined);
      if (missing.length > 0)
        return errorOutput(`\`${edit.command}\` needs ${missing.join(' and ')}.`, 'schema');
      if (!edit.path.startsWith('/')) {
        const meant = posix.join(sandbox.info.workdir, edit.path);
        return errorOutput(`The path ${edit.path} is not absolute; did you mean ${meant}?`);
      }
      const path = posix.normalize(edit.path).replace(/(.)\/$/, '$1');
      try {
        return textOutput(
          await commands[edit.command](agentFiles(sandbox, signal, timeoutMs), { ...edit, path }),
        );
      } catch (error) {
        if (error instanceof FileProblem) return errorOutput(`${error.message}.`);
        throw error;
      }
    },
  };
}

const commands: Record<Command, (files: AgentFiles, edit: EditArguments) => Promise<string>> = {
  async view(files, { path, view_range }) {
    const found = await files.read(path);
    if (found.kind === 'text') return viewText(found.text, view_range);
    if (view_range) throw new FileProblem(`${path} is a directory; view_range is for files`);
    return [`${path}, two levels deep, hidden entries left out:`, ...found.entries].join('\n');
  },
  async create(files, { path, file_text = '' }) {
    await files.write(path, file_text);
    return `Wrote ${path}.`;
  },
  async str_replace(files, { path, old_str = '', new_str = '' }) {
    const { text, line } = replaceText(await textAt(files, path), path, old_str, new_str);
    await files.write(path, text);
    return `Edited ${path}. Around the change it now reads:\n${snippet(text, line, new_str)}`;
  },
  async insert(files, { path, insert_line = 0, insert_text = '' }) {
    const text = insertText(await textAt(files, path), path, insert_line, insert_text);
    await files.write(path, text);
    return `Edited ${path}. Around the change it now reads:\n${snippet(text, insert_line + 1, insert_text)}`;
  },
};

async function textAt(files: AgentFiles, path: string): Promise<string> {
  const found = await files.read(path);
  if (found.kind === 'text') return found.text;
  throw new FileProblem(`${path} is a directory; only files can be edited`);
}
