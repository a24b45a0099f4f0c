import { type ContentBlock, ContentBlockSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import type { Content } from '../../schema/content.ts';
import { otherText } from '../../schema/other-content.ts';
import type { ToolDescription } from '../../schema/view.ts';

/** A tool as clients take it, which refuse a whole list for one schema of an argument that is `true`. */
export function servedTool({ name, description, inputSchema }: ToolDescription): Tool {
  const { properties, required, ...schema } = inputSchema;
  const names = Array.isArray(required) ? required.filter((one) => typeof one === 'string') : [];
  return {
    name,
    description,
    inputSchema: {
      ...schema,
      type: 'object',
      ...(isObject(properties) && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([key, one]) => [key, objectOf(one)] as const),
        ),
      }),
      ...(names.length > 0 && { required: names }),
    },
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const objectOf = (schema: unknown) => (isObject(schema) ? schema : schema === false ? { not: {} } : {});

/** A block as clients take it, which refuse a whole answer for one that they do not know: that is told as text. */
export function servedBlock(block: Content): ContentBlock {
  if (block.type !== 'other') return block;
  const { data } = ContentBlockSchema.safeParse(JSON.parse(block.json));
  return data ?? { type: 'text', text: otherText(block.json) };
}
