import { z } from 'zod';
import { messageOf, ProctorError } from '../../errors.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { HostTool } from '../host-server.ts';
import { errorResult, type InProcessTool, textResult } from '../in-process.ts';

/** A host module's tool as one of an MCP server. What it throws is shown to the agent; only a lost sandbox is the harness's failure. */
export function adaptTool(tool: HostTool, path: string): InProcessTool {
  const { name, description, annotations } = tool;
  const schema = isZod(tool.input) ? tool.input : undefined;
  return {
    name,
    description,
    inputSchema: schema
      ? jsonSchemaOf(schema, name, path)
      : objectSchema(tool.input as JsonObject, name, path),
    ...(annotations && { annotations }),
    async call(args, { signal }) {
      const parsed = schema?.safeParse(args);
      if (parsed?.success === false) {
        return errorResult(z.prettifyError(parsed.error), 'schema');
      }
      try {
        const returned = await tool.call((parsed?.data ?? args) as JsonObject, { signal });
        return textResult(typeof returned === 'string' ? returned : (JSON.stringify(returned) ?? 'null'));
      } catch (error) {
        if (error instanceof ProctorError && ofTheSandbox.has(error.code)) throw error;
        return errorResult(messageOf(error) || 'The tool failed without saying why.');
      }
    },
  };
}

const ofTheSandbox = new Set<ProctorError['code']>(['sandbox-broken', 'engine-unreachable']);

/** zod schemas of any copy of zod 4. */
const isZod = (input: unknown): input is z.ZodType =>
  typeof input === 'object' && input !== null && '_zod' in input && 'safeParse' in input;

function jsonSchemaOf(schema: z.ZodType, name: string, path: string): JsonObject {
  try {
    return objectSchema(z.toJSONSchema(schema, { io: 'input' }) as JsonObject, name, path);
  } catch (error) {
    if (error instanceof ProctorError) throw error;
    throw new ProctorError(
      'bad-file',
      `${path}: tool "${name}": input has no JSON Schema: ${messageOf(error)}`,
    );
  }
}

function objectSchema(schema: JsonObject, name: string, path: string): JsonObject {
  if (schema.type === 'object') return schema;
  throw new ProctorError(
    'bad-file',
    `${path}: tool "${name}": input: expected a schema of type "object", got ${JSON.stringify(schema.type ?? 'none')}`,
  );
}
