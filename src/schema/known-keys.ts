import { z } from 'zod';

type Node = Record<string, unknown>;

/** Keys that `schema` allows at `path` of `data`; of a union, those of the branches whose constants fit the data. */
export function knownKeys(schema: z.ZodType, data: unknown, path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
  let nodes = branches(root, root, data);
  let value = data;
  for (const key of path) {
    value = isObject(value) ? value[String(key)] : Array.isArray(value) ? value[Number(key)] : undefined;
    nodes = nodes.flatMap((node) => below(node, key)).flatMap((node) => branches(root, node, value));
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(propertiesOf(node))))];
}

function below(node: Node, key: PropertyKey): Node[] {
  const property = propertiesOf(node)[String(key)];
  const candidates = typeof key === 'number' ? [node.items] : [property ?? node.additionalProperties];
  return candidates.filter(isObject);
}

function branches(root: Node, node: Node, data: unknown): Node[] {
  const target = typeof node.$ref === 'string' ? resolve(root, node.$ref) : node;
  const union = [target.anyOf, target.oneOf, target.allOf].find(Array.isArray);
  if (!union) return [target];
  return union
    .filter(isObject)
    .flatMap((branch) => branches(root, branch, data).filter((b) => fits(b, data)));
}

function fits(node: Node, data: unknown): boolean {
  if (!isObject(data)) return true;
  return Object.entries(propertiesOf(node)).every(
    ([key, property]) => !isObject(property) || !('const' in property) || property.const === data[key],
  );
}

function resolve(root: Node, ref: string): Node {
  let node: unknown = root;
  for (const key of ref.split('/').slice(1)) node = isObject(node) ? node[key] : undefined;
  return isObject(node) ? node : {};
}

function propertiesOf(node: Node): Node {
  return isObject(node.properties) ? node.properties : {};
}

function isObject(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
