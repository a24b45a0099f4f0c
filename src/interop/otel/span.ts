import { sha256 } from '../../trace/digest.ts';

/** OTLP's JSON encoding of a trace request: ids in hex, times in nanoseconds as text. */
export interface OtlpTraces {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { scope: { name: string; version: string }; spans: Span[] }[];
  }[];
}

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1 internal, 3 client. */
  kind: 1 | 3;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  events: SpanEvent[];
  /** 0 unset, 1 ok, 2 error. */
  status: { code: 0 | 1 | 2; message?: string };
}

export interface SpanEvent {
  name: string;
  timeUnixNano: string;
  attributes: Attribute[];
}

export interface Attribute {
  key: string;
  value: AttributeValue;
}

type AttributeValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: AttributeValue[] } };

/** Attributes as OTLP writes them; undefined ones are left out. */
export function attributes(values: Record<string, string | number | boolean | string[] | undefined>) {
  return Object.entries(values).flatMap(([key, value]): Attribute[] =>
    value === undefined ? [] : [{ key, value: attributeValue(value) }],
  );
}

function attributeValue(value: string | number | boolean | string[]): AttributeValue {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(attributeValue) } };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Milliseconds since 1970 as OTLP's nanoseconds. */
export const nano = (ms: number) => (BigInt(Math.round(ms * 1000)) * 1000n).toString();

/** The same trial always gets the same ids, so that what is exported twice is not there twice. */
export const traceIdOf = (run: string, trial: string) => sha256(`${run}/${trial}`).slice(0, 32);
export const spanIdOf = (traceId: string, place: string) => sha256(`${traceId}/${place}`).slice(0, 16);
