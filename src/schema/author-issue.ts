import { z } from 'zod';
import { didYouMean } from './nearest.ts';

type Issue = z.core.$ZodIssue;
/** A part of a JSON Schema. */
type SchemaNode = Record<string, unknown>;

/** What is wrong with an author's data, on one line: the key path, and what was expected there. */
export function issueLine(schema: z.ZodType, data: unknown, error: z.ZodError): string {
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
