import { posix } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import { errorResult, textResult } from '../call-outcome.ts';
import type { InProcessTool } from '../mcp.ts';
import { type AgentFiles, agentFiles, FileProblem } from './agent-files.ts';

/** Lines shown around a change. */
const contextLines = 4;

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
        return errorResult(`\`${edit.command}\` needs ${missing.join(' and ')}.`, 'schema');
      if (!edit.path.startsWith('/')) {
        const meant = posix.join(sandbox.info.workdir, edit.path);
        return errorResult(`The path ${edit.path} is not absolute; did you mean ${meant}?`);
      }
      const path = posix.normalize(edit.path).replace(/(.)\/$/, '$1');
      try {
        return textResult(
          await commands[edit.command](agentFiles(sandbox, signal, timeoutMs), { ...edit, path }),
        );
      } catch (error) {
        if (error instanceof FileProblem) return errorResult(`${error.message}.`);
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

/** Lines with their numbers, as `cat -n` prints them. */
function numbered(lines: string[], first: number): string {
  return lines.map((line, index) => `${String(first + index).padStart(6)}\t${line}`).join('\n');
}

/** The lines of a text; a line end at the very end begins no new line. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** A text with line numbers, or a range of its lines, counted from 1; -1 is the last. */
function viewText(text: string, range?: [number, number]): string {
  const lines = linesOf(text);
  if (range === undefined) return lines.length === 0 ? '[the file is empty]' : numbered(lines, 1);
  const [first] = range;
  const last = range[1] === -1 ? lines.length : range[1];
  if (first < 1 || first > lines.length || last < first) {
    throw new FileProblem(
      `Invalid view_range [${range}]: expected [first, last] with 1 ≤ first ≤ last; the file has ${lines.length} lines`,
    );
  }
  return numbered(lines.slice(first - 1, last), first);
}

/** Replaces the only place where `before` stands; `line` is where it begins, from 1. */
function replaceText(
  text: string,
  path: string,
  before: string,
  after: string,
): { text: string; line: number } {
  if (before === '') throw new FileProblem('No replacement was performed: old_str is empty');
  const places = placesOf(text, before);
  const [place] = places;
  if (place === undefined) {
    throw new FileProblem(`No replacement was performed: old_str did not appear verbatim in ${path}`);
  }
  const lineAt = (index: number) => text.slice(0, index).split('\n').length;
  if (places.length > 1) {
    throw new FileProblem(
      `No replacement was performed: multiple occurrences of old_str in ${path}, at lines ${places.map(lineAt).join(', ')}; ` +
        'make it unique by taking in more of what stands around it',
    );
  }
  return {
    text: text.slice(0, place) + after + text.slice(place + before.length),
    line: lineAt(place),
  };
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

/** Inserts whole lines after a line; 0 is the top. */
function insertText(text: string, path: string, after: number, added: string): string {
  const lines = linesOf(text);
  if (after > lines.length) {
    throw new FileProblem(`Invalid insert_line ${after}: ${path} has lines 0 to ${lines.length}`);
  }
  lines.splice(after, 0, ...linesOf(added));
  const end = text === '' || text.endsWith('\n') || after === linesOf(text).length ? '\n' : '';
  return `${lines.join('\n')}${end}`;
}

/** The lines around a change that begins at `line` and put `added` there. */
function snippet(text: string, line: number, added: string): string {
  const first = Math.max(1, line - contextLines);
  const last = line + linesOf(added).length + contextLines;
  return numbered(linesOf(text).slice(first - 1, last), first);
}
