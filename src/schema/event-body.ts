import { z } from 'zod';
import { base64Body, body } from './body.ts';
import { type BodyChange, content, mapBlock } from './content.ts';
import { type NewTraceEvent, newTraceEvent } from './trace-event.ts';

type Mapper = (value: never, change: BodyChange) => unknown;

/** An event with each of its bodies changed. Which fields are bodies is read from the schema. */
export function mapBodies<E extends NewTraceEvent>(event: E, change: BodyChange): E {
  const map = eventMappers().get(event.type);
  return map ? (map(event as never, change) as E) : event;
}

let mappers: Map<string, Mapper | undefined> | undefined;

function eventMappers(): Map<string, Mapper | undefined> {
  mappers ??= new Map(newTraceEvent.options.map((one) => [one.shape.type.value, mapperOf(one)]));
  return mappers;
}

/** How a value of a schema is copied with its bodies changed; undefined where it can hold none. */
function mapperOf(schema: z.core.$ZodType): Mapper | undefined {
  if (schema === body) return (value, change) => change(value, 'text');
  if (schema === base64Body) return (value, change) => change(value, 'base64');
  if (schema === content) return mapBlock;
  if (schema instanceof z.ZodOptional) return mapperOf(schema.def.innerType);
  if (schema instanceof z.ZodArray) return listMapper(mapperOf(schema.def.element));
  if (schema instanceof z.ZodRecord) return recordMapper(mapperOf(schema.def.valueType));
  if (schema instanceof z.ZodObject) return objectMapper(schema.def.shape);
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
