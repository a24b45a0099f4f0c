import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { type ParseError, printParseErrorCode, parse as readJson } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import { z } from 'zod';
import { messageOf, ProctorError } from '../errors.ts';
import { didYouMean } from './nearest.ts';

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

/** Like `readAuthorFile`, for a file that may be newer than its schema: keys that are not known are left out, and named by their paths. */
export function readForeignFile<T extends z.ZodType>(
  file: string,
  schema: T,
): { data: z.infer<T>; unknown: string[] } {
  const raw = parseFile(file, readText(file));
  const unknown = flatten(schema.safeParse(raw).error?.issues ?? [], []).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [];
    const holder = issue.path.reduce((node, key) => (node as Record<PropertyKey, unknown>)[key], raw);
    for (const key of issue.keys) delete (holder as SchemaNode)[key];
    return issue.keys.map((key) => keyPath([...issue.path, key]));
  });
  return { data: validate(file, raw, schema), unknown };
}

/** A text file that has to be there. Throws `bad-file`. */
export function readText(file: string): string {
  const text = readTextIfPresent(file);
  if (text === undefined) throw badFile(file, 'missing file');
  return text;
}

export function readTextIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw badFile(file, `cannot be read (${messageOf(cause)})`, { cause });
  }
}

/** A path as an author knows it: relative to the working directory where it lies below it. */
export function displayPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}

/** The error of an author's file: which one, and what is wrong in it. */
export function badFile(file: string, problem: string, options?: { cause?: unknown }): ProctorError {
  return new ProctorError('bad-file', `${displayPath(file)}: ${problem}`, options);
}

/** Data of a file as its schema has it. Throws `bad-file` with the file, the key path and what was expected. */
export function validate<T extends z.ZodType>(file: string, data: unknown, schema: T): z.infer<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw badFile(file, issueLine(schema, data, result.error));
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

/** The variables that a text names. */
export const variablesIn = (text: string): string[] =>
  [...text.matchAll(variable)].map(([, name = '']) => name);

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

export function expandVariable(text: string, where: string): string {
  return text.replace(variable, (_, name: string, fallback?: string) => {
    const value = process.env[name] ?? fallback;
    if (value === undefined)
      throw new ProctorError('bad-file', `${where}: the variable ${name} is not set and has no default`);
    return value;
  });
}

type Issue = z.core.$ZodIssue;
/** A part of a JSON Schema. */
type SchemaNode = Record<string, unknown>;

/** What is wrong with an author's data, on one line: the key path, and what was expected there. */
function issueLine(schema: z.ZodType, data: unknown, error: z.ZodError): string {
  const issues = flatten(error.issues, []).sort((a, b) => rank(a) - rank(b));
  const [first] = issues;
  if (!first) return 'is not valid';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${describe(schema, data, first)}${more}`;
}

// A misspelt key also makes the right one missing: the misspelling says more.
function rank(issue: Issue): number {
  return issue.code === 'unrecognized_keys' ? 0 : 1;
}

function flatten(issues: readonly Issue[], prefix: PropertyKey[]): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path }];
    return flatten(closestBranch(issue.errors), path);
  });
}

function closestBranch(errors: readonly (readonly Issue[])[]): readonly Issue[] {
  const shallow = (issues: readonly Issue[]) => issues.filter((issue) => issue.path.length <= 1).length;
  return errors.toSorted((a, b) => shallow(a) - shallow(b) || a.length - b.length)[0] ?? [];
}

function describe(schema: z.ZodType, data: unknown, issue: Issue): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = knownKeys(schema, data, issue.path);
    const hint = didYouMean(key, known) || (known.length > 0 ? `; known keys are ${known.join(', ')}` : '');
    return `${keyPath([...issue.path, key])}: unknown key${hint}`;
  }
  const where = issue.path.length > 0 ? `${keyPath(issue.path)}: ` : '';
  return `${where}${expectation(issue)}`;
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type' && /received undefined$/.test(issue.message)) {
    return `missing; expected ${issue.expected}`;
  }
  return issue.message.replace(/^Invalid (input|option): |^Invalid discriminator value\. /, '');
}

function keyPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

/** Keys that `schema` allows at `path` of `data`; of a union, those of the branches whose constants fit the data. */
function knownKeys(schema: z.ZodType, data: unknown, path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  let nodes = branches(root, root, data);
  let value = data;
  for (const key of path) {
    value = isObject(value) ? value[String(key)] : Array.isArray(value) ? value[Number(key)] : undefined;
    nodes = nodes.flatMap((node) => below(node, key)).flatMap((node) => branches(root, node, value));
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(propertiesOf(node))))];
}

function below(node: SchemaNode, key: PropertyKey): SchemaNode[] {
  const property = propertiesOf(node)[String(key)];
  const candidates = typeof key === 'number' ? [node.items] : [property ?? node.additionalProperties];
  return candidates.filter(isObject);
}

function branches(root: SchemaNode, node: SchemaNode, data: unknown): SchemaNode[] {
  const target = typeof node.$ref === 'string' ? resolve(root, node.$ref) : node;
  const union = [target.anyOf, target.oneOf, target.allOf].find(Array.isArray);
  if (!union) return [target];
  return union
    .filter(isObject)
    .flatMap((branch) => branches(root, branch, data).filter((b) => fits(b, data)));
}

function fits(node: SchemaNode, data: unknown): boolean {
  if (!isObject(data)) return true;
  return Object.entries(propertiesOf(node)).every(
    ([key, property]) => !isObject(property) || !('const' in property) || property.const === data[key],
  );
}

function resolve(root: SchemaNode, ref: string): SchemaNode {
  let node: unknown = root;
  for (const key of ref.split('/').slice(1)) node = isObject(node) ? node[key] : undefined;
  return isObject(node) ? node : {};
}

function propertiesOf(node: SchemaNode): SchemaNode {
  return isObject(node.properties) ? node.properties : {};
}

function isObject(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
