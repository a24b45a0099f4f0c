import { messageOf } from '../errors.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ToolDescription } from '../schema/view.ts';

/** A call as a person typed it, or what is wrong with the line. */
export type TypedCall = { tool: string; arguments: JsonObject } | { problem: string };

const pair = /([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|\S*)/g;

/**
 * Reads one typed call: `tool {"json": 1}`, `tool key=value other="two words"`, or, for a tool with one text argument, `tool words as
 * they are`. A leading `call` may stand before it.
 */
export function readTypedCall(line: string, tools: readonly ToolDescription[]): TypedCall {
  const [, name = '', rest = ''] = /^\s*(?:call\s+)?(\S+)\s*(.*)$/s.exec(line) ?? [];
  const tool = tools.find((one) => one.name === name);
  if (!tool) return { problem: `there is no tool or command "${name}"; try: tools` };
  if (rest.trim() === '') return { tool: name, arguments: {} };
  if (rest.startsWith('{')) return fromJson(name, rest);
  return fromWords(tool, rest);
}

function fromJson(tool: string, text: string): TypedCall {
  try {
    return { tool, arguments: JSON.parse(text) as JsonObject };
  } catch (error) {
    return { problem: `the arguments are not JSON: ${messageOf(error)}` };
  }
}

function fromWords({ name, inputSchema }: ToolDescription, text: string): TypedCall {
  const properties = (inputSchema.properties ?? {}) as Record<string, { type?: unknown }>;
  const pairs = [...text.matchAll(pair)].filter(([, key = '']) => key in properties);
  const leftOver = text.replace(pair, '').trim();
  if (pairs.length > 0 && leftOver === '') {
    const given = pairs.map(([, key = '', value = '']) => [key, typedValue(value, properties[key]?.type)]);
    return { tool: name, arguments: Object.fromEntries(given) };
  }
  const [only] = textProperties(inputSchema, properties);
  if (only !== undefined) return { tool: name, arguments: { [only]: text.trim() } };
  const known = Object.keys(properties).join(', ') || 'none';
  return { problem: `expected ${name} {json} or ${name} key=value …; its arguments are: ${known}` };
}

/** The argument that plain words are for, where there is only one. */
function textProperties(
  { required }: Record<string, unknown>,
  properties: Record<string, { type?: unknown }>,
): string[] {
  const needed = Array.isArray(required) ? (required as string[]) : [];
  const names = needed.length > 0 ? needed : Object.keys(properties);
  return names.length === 1 ? names.filter((name) => properties[name]?.type === 'string') : [];
}

function typedValue(text: string, type: unknown): JsonObject[string] {
  const bare = text.startsWith('"') ? (JSON.parse(text) as string) : text;
  if (type === 'string') return bare;
  try {
    return JSON.parse(bare) as JsonObject[string];
  } catch {
    return bare;
  }
}
