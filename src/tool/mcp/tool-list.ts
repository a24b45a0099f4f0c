import { isJsonObject, type Json, type JsonObject } from '../../schema/json.ts';

/** A tool as its server lists it, as far as it can be used. */
export interface Tool {
  name: string;
  description?: string;
  /** Always one of an object. */
  inputSchema: JsonObject;
  annotations?: JsonObject;
  /** Calls of it are tasks: what they give is fetched when it is done. */
  needsTask?: boolean;
}

/** The tools of a server, and why those that are left out are. */
export interface ToolList {
  tools: Tool[];
  refused: string[];
}

const maxPages = 100;

/**
 * Reads a list of tools over all its pages. A tool that can't be used is left out with the reason, as is one of a name that was there before.
 * Throws where a page is no list, or where the pages have no end.
 */
export async function readToolList(
  ask: (cursor: string | undefined) => Promise<JsonObject>,
): Promise<ToolList> {
  const listed = new Map<string, Tool>();
  const refused: string[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const { tools, nextCursor } = await ask(cursor);
    if (!Array.isArray(tools)) throw new Error('its answer holds no list of tools');
    for (const raw of tools) {
      const tool = readTool(raw);
      if (typeof tool === 'string') refused.push(tool);
      else if (listed.has(tool.name))
        refused.push(`the tool "${tool.name}" is listed more than once; the first one is kept`);
      else listed.set(tool.name, tool);
    }
    // Servers end the list with an empty cursor, or null.
    if (typeof nextCursor !== 'string' || nextCursor === '') return { tools: [...listed.values()], refused };
    if (cursors.has(nextCursor))
      throw new Error(`its list of tools has no end: the cursor "${nextCursor}" comes again`);
    cursors.add(nextCursor);
    cursor = nextCursor;
  }
  throw new Error(`its list of tools has more than ${maxPages} pages`);
}

/** A tool, or why there is none. */
function readTool(raw: Json): Tool | string {
  if (!isJsonObject(raw) || typeof raw.name !== 'string' || raw.name === '')
    return `a tool without a name is left out: ${JSON.stringify(raw).slice(0, 100)}`;
  const { name, description, annotations, execution } = raw;
  const inputSchema = objectSchema(raw.inputSchema);
  if (inputSchema === undefined)
    return `the tool "${name}" is left out, since its input schema is not one of an object: ${JSON.stringify(raw.inputSchema).slice(0, 100)}`;
  return {
    name,
    ...(typeof description === 'string' && { description }),
    inputSchema,
    ...(isJsonObject(annotations) && { annotations }),
    ...(isJsonObject(execution) && execution.taskSupport === 'required' && { needsTask: true }),
  };
}

/** The schema of a tool's arguments, which are always an object; no schema, and one that allows everything, allow any. */
function objectSchema(schema: Json | undefined): JsonObject | undefined {
  if (schema === undefined || schema === null || schema === true) return { type: 'object' };
  if (!isJsonObject(schema)) return undefined;
  const { type = 'object' } = schema;
  return [type].flat().includes('object') ? { ...schema, type: 'object' } : undefined;
}
