import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import { geminiSchema } from './gemini-schema.ts';
import { resolved, withSubschemas } from './subschema.ts';

/** Whose rules for schemas an endpoint follows. */
export type Dialect = 'openai' | 'anthropic' | 'gemini';

export function dialectOf(baseUrl: string, model: string): Dialect {
  if (/googleapis\.com/.test(baseUrl) || /\bgemini\b/i.test(model)) return 'gemini';
  return /anthropic\.com/.test(baseUrl) || /\bclaude\b/i.test(model) ? 'anthropic' : 'openai';
}

interface Prepared {
  /** Absent where a tool without arguments has to be shown without a schema. */
  schema?: JsonObject;
  /** Arguments that have another key for the endpoint: their own, and that. */
  keys: [own: string, wire: string][];
}

/**
 * A tool's input schema as an endpoint accepts it: it may allow more than the tool does, never less, since arguments are checked against
 * the tool's own.
 */
export function wireSchema(schema: JsonObject, dialect: Dialect): Prepared {
  const root = objectSchema(repaired(schema, schema), schema);
  const { properties, required } = root as { properties: JsonObject; required?: string[] };
  const keys = dialect === 'openai' ? [] : newKeys(Object.keys(properties));
  const to = new Map(keys);
  const renamed = {
    ...root,
    properties: Object.fromEntries(Object.entries(properties).map(([key, one]) => [to.get(key) ?? key, one])),
    ...(required && { required: required.map((key) => to.get(key) ?? key) }),
  };
  if (dialect !== 'gemini') return { schema: renamed, keys };
  if (Object.keys(properties).length === 0) return { keys };
  return { schema: geminiSchema(renamed, renamed), keys };
}

const types = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

/** A schema and all inside it, without what is refused as no schema: lists without items, unknown types, references to nowhere. */
function repaired(schema: JsonObject, root: JsonObject): JsonObject {
  const { items, additionalItems, required, type, enum: values, ...rest } = schema;
  const isType = (one: Json | undefined) => typeof one === 'string' && types.has(one);
  const isList = [type].flat().includes('array');
  const { $ref, ...open } = rest;
  const fixed: JsonObject = {
    ...($ref === undefined || resolved(schema, root) ? rest : open),
    ...((Array.isArray(type) ? type.every(isType) : isType(type)) && { type: type as Json }),
    ...(Array.isArray(values) && values.length > 0 && { enum: values }),
    ...(Array.isArray(required) && { required }),
    ...(Array.isArray(items)
      ? { prefixItems: items, items: additionalItems ?? {} }
      : (items !== undefined || isList) && { items: items ?? {} }),
  };
  return withSubschemas(fixed, (inner) => repaired(inner, root));
}

/** How far references and parts at the top are followed, which may go in circles. */
const maxDepth = 8;

/** A schema as one of an object with properties, those of its alternatives and parts put together. */
function objectSchema(schema: JsonObject, root: JsonObject, depth = 0): JsonObject {
  const { anyOf, oneOf, allOf, not: _, enum: __, const: ___, $ref, ...own } = schema;
  const target = $ref === undefined || depth > maxDepth ? undefined : resolved(schema, root);
  const parts = [...list(allOf), ...(target && target !== schema ? [target] : [])];
  const properties: JsonObject = isJsonObject(own.properties) ? { ...own.properties } : {};
  const required = new Set(list(own.required));
  const take = (part: Json) => {
    const { properties: more, required: needs } = objectSchema(part as JsonObject, root, depth + 1);
    for (const [key, value] of Object.entries(more as JsonObject))
      properties[key] = either(properties[key], value);
    return list(needs);
  };
  for (const part of parts.filter(isJsonObject)) for (const key of take(part)) required.add(key);
  for (const choices of [anyOf, oneOf]) {
    const [first = [], ...rest] = list(choices).filter(isJsonObject).map(take);
    for (const key of first) if (rest.every((needs) => needs.includes(key))) required.add(key);
  }
  delete own.required;
  return { ...own, type: 'object', properties, ...(required.size > 0 && { required: [...required] }) };
}

const list = (value: Json | undefined) => (Array.isArray(value) ? value : []);

function either(one: Json | undefined, other: Json): Json {
  if (one === undefined || JSON.stringify(one) === JSON.stringify(other)) return other;
  return { anyOf: [...(isJsonObject(one) && Array.isArray(one.anyOf) ? one.anyOf : [one]), other] };
}

/** New keys for those that Anthropic and Gemini refuse. */
function newKeys(keys: readonly string[]): Prepared['keys'] {
  const used = new Set(keys);
  return keys
    .filter((key) => !/^[A-Za-z0-9_.-]{1,64}$/.test(key))
    .map((key, index) => {
      let name = key.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 56);
      while (used.has(name) || name === '') name += `_${index}`;
      used.add(name);
      return [key, name];
    });
}
