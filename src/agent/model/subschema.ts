import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';

const maps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const single = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'];

/** A schema with every schema directly inside it changed. */
export function withSubschemas(schema: JsonObject, change: (inner: JsonObject) => JsonObject): JsonObject {
  const changed = (value: Json) => (isJsonObject(value) ? change(value) : value);
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => {
    if (maps.includes(key) && isJsonObject(value))
      return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changed(one)]))];
    if (lists.includes(key) && Array.isArray(value)) return [key, value.map(changed)];
    return [key, single.includes(key) ? changed(value) : value];
  });
  return Object.fromEntries(entries);
}

/** What the reference of a schema points to inside `root`; undefined where that is nowhere. */
export function resolved({ $ref }: JsonObject, root: JsonObject): JsonObject | undefined {
  if (typeof $ref !== 'string' || !/^#(\/|$)/.test($ref)) return undefined;
  let at: Json | undefined = root;
  for (const step of $ref.split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    at = isJsonObject(at) ? at[key] : Array.isArray(at) ? at[Number(key)] : undefined;
  }
  return isJsonObject(at) ? at : undefined;
}
