import { z } from 'zod';
import { type Body, base64Body, body } from './body.ts';
import { content, type StoredContent } from './content.ts';
import { type NewTraceEvent, newTraceEvent } from './trace-event.ts';

/** Gives what stands in a body's place; `kind` says what its text is. */
export type BodyChange = (body: Body, kind: 'text' | 'base64') => Body;

type Mapper = (value: never, change: BodyChange) => unknown;

/** An event with each of its bodies changed. Which fields are bodies is read from the schema. */
export function mapBodies<E extends NewTraceEvent>(event: E, change: BodyChange): E {
  const map = eventMappers().get(event.type);
  return map ? (map(event as never, change) as E) : event;
}

/** A content block with its body changed. */
export function mapBlock(block: StoredContent, change: BodyChange): StoredContent {
  return blockMapper()(block as never, change) as StoredContent;
}

const eventMappers = once(
  () => new Map(newTraceEvent.options.map((one) => [one.shape.type.value, mapperOf(one)])),
);
const blockMapper = once(() => mapperOf(content) ?? ((value: StoredContent) => value));

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** How a value of a schema is copied with its bodies changed; undefined where it can hold none. */
function mapperOf(schema: z.core.$ZodType): Mapper | undefined {
  if (schema === body) return (value, change) => change(value, 'text');
  if (schema === base64Body) return (value, change) => change(value, 'base64');
  if (schema instanceof z.ZodOptional) return mapperOf(schema.def.innerType);
  if (schema instanceof z.ZodArray) return listMapper(mapperOf(schema.def.element));
  if (schema instanceof z.ZodRecord) return recordMapper(mapperOf(schema.def.valueType));
  if (schema instanceof z.ZodObject) return objectMapper(schema.def.shape);
  if (schema instanceof z.ZodDiscriminatedUnion) return unionMapper(schema);
  return undefined;
}

function listMapper(element: Mapper | undefined): Mapper | undefined {
  return element && ((list: never[], change) => list.map((one) => element(one, change)));
}

function recordMapper(value: Mapper | undefined): Mapper | undefined {
  return value && objectMapperBy(() => value);
}

function objectMapper(shape: Readonly<Record<string, z.core.$ZodType>>): Mapper | undefined {
  const own = new Map(Object.entries(shape).map(([key, schema]) => [key, mapperOf(schema)]));
  return [...own.values()].some(Boolean) ? objectMapperBy((key) => own.get(key)) : undefined;
}

function objectMapperBy(mapper: (key: string) => Mapper | undefined): Mapper {
  return (value: Record<string, never>, change) =>
    Object.fromEntries(
      Object.entries(value).map(([key, field]) => [
        key,
        field === undefined ? field : (mapper(key)?.(field, change) ?? field),
      ]),
    );
}

function unionMapper(schema: z.ZodDiscriminatedUnion): Mapper {
  const key = schema.def.discriminator;
  const options = schema.options as z.ZodObject[];
  const of = (value: never) =>
    options.find((one) => one.shape[key] instanceof z.ZodLiteral && one.shape[key].value === value[key]);
  const mappers = new Map(options.map((one) => [one, mapperOf(one)]));
  return (value, change) => {
    const option = of(value);
    return (option && mappers.get(option)?.(value, change)) ?? value;
  };
}
