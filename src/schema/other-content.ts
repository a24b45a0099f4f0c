import { z } from 'zod';

const resource = z.looseObject({
  type: z.literal('resource'),
  resource: z.looseObject({
    uri: z.string(),
    mimeType: z.string().optional(),
    text: z.string().optional(),
    blob: z.string().optional(),
  }),
});
const link = z.looseObject({
  type: z.literal('resource_link'),
  uri: z.string(),
  name: z.string(),
  description: z.string().optional(),
  mimeType: z.string().optional(),
});
const known = z.discriminatedUnion('type', [resource, link]);

/** How a model reads an MCP block that is neither text nor picture nor sound: what is text in it; bytes by their number. */
export function otherText(json: string): string {
  const block = known.safeParse(parsed(json)).data;
  if (block === undefined) return json;
  if (block.type === 'resource') {
    const { uri, mimeType, text, blob = '' } = block.resource;
    if (text !== undefined) return `[resource ${uri}]\n${text}`;
    const kind = mimeType === undefined ? '' : `${mimeType}, `;
    return `[resource ${uri}: ${kind}${Buffer.byteLength(blob, 'base64')} bytes, not shown]`;
  }
  const { uri, name, description } = block;
  return `[link to the resource ${uri}: ${name}]${description === undefined ? '' : ` ${description}`}`;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
