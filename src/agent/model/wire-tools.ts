import { createHash } from 'node:crypto';
import type { JsonObject } from '../../schema/json.ts';
import type { ToolDescription } from '../../schema/view.ts';
import { type Dialect, wireSchema } from './wire-schema.ts';

interface WireTool {
  name: string;
  description: string;
  /** Absent where a tool without arguments has to be shown without one. */
  schema?: JsonObject;
}

/** The tools of a view in the form that an endpoint accepts, and back. A name or key that was made up stands for one tool or key alone. */
export interface WireTools {
  tools: WireTool[];
  /** Descriptions that are too long for the endpoint, by the name that it knows. */
  long: { name: string; description: string }[];
  /** The name under which the endpoint knows a tool, or one that no other tool has. */
  nameOf(tool: string): string;
  /** The tool that is meant; a name that no tool has stays as it is. */
  toolNamed(name: string): string;
  /** Arguments as the endpoint knows their keys, and as the tool does. */
  toWire(tool: string, args: JsonObject): JsonObject;
  fromWire(tool: string, args: JsonObject): JsonObject;
}

/** The most characters that OpenAI allows in a description. */
const maxDescription = 1024;

/** Names that every endpoint accepts. */
const accepted = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

export function wireTools(tools: readonly ToolDescription[], dialect: Dialect): WireTools {
  const names = namesOf(tools.map(({ name }) => name));
  const known = new Map([...names].map(([tool, name]) => [name, tool]));
  const nameOf = (tool: string) => names.get(tool) ?? (known.has(plain(tool)) ? distinct(tool) : plain(tool));
  const prepared = tools.map(({ name, description, inputSchema }) => ({
    tool: name,
    name: nameOf(name),
    description,
    ...wireSchema(inputSchema as JsonObject, dialect),
  }));
  const keys = new Map(prepared.map(({ tool, keys }) => [tool, keys]));
  const renamed = (args: JsonObject, pairs: readonly (readonly [string, string])[]) => {
    const to = new Map(pairs);
    return to.size === 0
      ? args
      : Object.fromEntries(Object.entries(args).map(([key, value]) => [to.get(key) ?? key, value]));
  };
  return {
    tools: prepared.map(({ name, description, schema }) => ({
      name,
      description: shortened(description),
      ...(schema && { schema }),
    })),
    long: prepared.filter(({ description }) => description.length > maxDescription),
    nameOf,
    toolNamed: (name) => known.get(name) ?? name,
    toWire: (tool, args) => renamed(args, keys.get(tool) ?? []),
    fromWire: (tool, args) =>
      renamed(
        args,
        (keys.get(tool) ?? []).map(([own, wire]) => [wire, own]),
      ),
  };
}

/** A name per tool: its own where it is accepted, else a plain one, made distinct where several tools would have it. */
function namesOf(tools: readonly string[]): Map<string, string> {
  const uses = new Map<string, number>();
  for (const tool of tools) uses.set(plain(tool), (uses.get(plain(tool)) ?? 0) + 1);
  const isOwn = (tool: string) => accepted.test(tool) || uses.get(plain(tool)) === 1;
  return new Map(tools.map((tool) => [tool, isOwn(tool) ? plain(tool) : distinct(tool)]));
}

const plain = (tool: string) =>
  accepted.test(tool)
    ? tool
    : tool
        .replace(/[^A-Za-z0-9_-]/g, '_')
        .replace(/^(?![A-Za-z_])/, '_')
        .slice(0, 64);

const distinct = (tool: string) =>
  `${plain(tool).slice(0, 55)}_${createHash('sha256').update(tool).digest('hex').slice(0, 8)}`;

function shortened(description: string): string {
  if (description.length <= maxDescription) return description;
  const note = '… (cut; the whole text is in the system message)';
  return `${description.slice(0, maxDescription - note.length).replace(/[\uD800-\uDBFF]$/, '')}${note}`;
}
