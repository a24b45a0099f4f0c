import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { type ParseError, printParseErrorCode, parse as readJson } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { messageOf, ProctorError } from '../errors.ts';
import { issueLine } from './author-issue.ts';

/**
 * Reads and validates a TOML or JSON file of an author.
 * Throws `bad-file` with the file, the line or key path, and what was expected.
 */
export function readAuthorFile<T extends z.ZodType>(file: string, schema: T): z.infer<T> {
  return validate(file, parseFile(file, readText(file)), schema);
}

/** Like `readAuthorFile`; undefined where there is no such file. */
export function readAuthorFileIfPresent<T extends z.ZodType>(
  file: string,
  schema: T,
): z.infer<T> | undefined {
  const text = readTextIfPresent(file);
  return text === undefined ? undefined : validate(file, parseFile(file, text), schema);
}

/** A text file that has to be there. Throws `bad-file`. */
export function readText(file: string): string {
  const text = readTextIfPresent(file);
  if (text === undefined) throw new ProctorError('bad-file', `${displayPath(file)}: missing file`);
  return text;
}

export function readTextIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ProctorError('bad-file', `${displayPath(file)}: cannot be read (${messageOf(cause)})`, {
      cause,
    });
  }
}

/** A path as an author knows it: relative to the working directory where it lies below it. */
export function displayPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}

function validate<T extends z.ZodType>(file: string, data: unknown, schema: T): z.infer<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw new ProctorError('bad-file', `${displayPath(file)}: ${issueLine(schema, data, result.error)}`);
}

function parseFile(file: string, text: string): unknown {
  return file.endsWith('.json') ? parseJsonFile(file, text) : parseTomlFile(file, text);
}

function parseTomlFile(file: string, text: string): unknown {
  try {
    return parseToml(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const [message = ''] = cause.message.split('\n');
    throw syntaxError(file, cause.line, message.replace(/^Invalid TOML document: /, 'not valid TOML: '));
  }
}

function parseJsonFile(file: string, text: string): unknown {
  const errors: ParseError[] = [];
  const data: unknown = readJson(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (!first) return data;
  const line = text.slice(0, first.offset).split('\n').length;
  throw syntaxError(file, line, `not valid JSON: ${printParseErrorCode(first.error)}`);
}

function syntaxError(file: string, line: number, message: string): ProctorError {
  return new ProctorError('bad-file', `${displayPath(file)}:${line}: ${message}`);
}

/**
 * Expands `${NAME}` and `${NAME:-default}` from Proctor's own environment, as author files may say.
 * Throws `bad-file` naming `where` for a variable that is not set and has no default.
 */
export function expandVariables(values: Record<string, string>, where: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, expandVariable(value, `${where} ${key}`)]),
  );
}

function expandVariable(text: string, where: string): string {
  return text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (_, name: string, fallback?: string) => {
      const value = process.env[name] ?? fallback;
      if (value === undefined)
        throw new ProctorError('bad-file', `${where}: the variable ${name} is not set and has no default`);
      return value;
    },
  );
}
