import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';
import { resolved, withSubschemas } from './subschema.ts';

const known = new Set(
  `type format title description nullable enum items properties required minItems maxItems minLength maxLength
   minimum maximum pattern anyOf minProperties maxProperties`.split(/\s+/),
);
const formats = new Set(['enum', 'date-time', 'int32', 'int64', 'float', 'double']);

/** A schema in the subset of OpenAPI that Gemini knows: references put in place, and what it refuses left out. */
export function geminiSchema(
  schema: JsonObject,
  root: JsonObject,
  within: readonly JsonObject[] = [],
): JsonObject {
  const target = resolved(schema, root);
  if (target) {
    if (within.includes(target)) return { type: 'object' };
    const { $ref: _, ...beside } = schema;
    return geminiSchema({ ...target, ...beside }, root, [...within, target]);
  }
  const { const: constant, oneOf, allOf, type, ...rest } = schema;
  const merged = Object.assign({}, ...list(allOf).filter(isJsonObject), rest) as JsonObject;
  const isNull = (one: Json) => isJsonObject(one) && one.type === 'null';
  const choices = [...list(merged.anyOf), ...list(oneOf)];
  const named = [type ?? []].flat().filter((one) => one !== 'null');
  const some =
    named.length > 1 ? named.map((one): Json => ({ type: one })) : choices.filter((one) => !isNull(one));
  const nullable = [type].flat().includes('null') || choices.some(isNull);
  const inside = (inner: JsonObject) => geminiSchema(inner, root, within);
  // Nothing may stand beside alternatives.
  if (some.length > 1) return withSubschemas({ anyOf: some }, inside);
  const values = constant === undefined ? list(merged.enum) : [constant];
  const { enum: __, anyOf: ___, ...kept } = { ...(some[0] as JsonObject | undefined), ...merged };
  const all: JsonObject = {
    ...kept,
    ...(named.length === 1 && { type: named[0] as Json }),
    ...(nullable && { nullable }),
    ...(values.length > 0 &&
      values.every((value) => typeof value === 'string') && { type: 'string', enum: values }),
  };
  const prepared = withSubschemas(Object.fromEntries(Object.entries(all).filter(isKnown)), inside);
  if (isJsonObject(prepared.items) && Object.keys(prepared.items).length === 0)
    prepared.items = { type: 'string' };
  return prepared;
}

const isKnown = ([key, value]: [string, Json]) =>
  key === 'format'
    ? formats.has(String(value))
    : known.has(key) && !(key === 'properties' && isJsonObject(value) && Object.keys(value).length === 0);

const list = (value: Json | undefined) => (Array.isArray(value) ? value : []);
