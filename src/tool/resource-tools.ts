import { ProctorError } from '../errors.ts';
import type { ServerOffer } from '../schema/environment.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { CallOutcome, CallToolResult, Connection, ConnectionCall, Tool } from './mcp.ts';

type Block = CallToolResult['content'][number];

/** A tool that asks its server something else than to call a tool. */
interface OfferedTool {
  name: string;
  description: string;
  properties: JsonObject;
  required: string[];
  ask(connection: Connection, args: JsonObject, options: ConnectionCall): Promise<CallOutcome>;
}

const maxPages = 100;

const offers: Record<ServerOffer, OfferedTool[]> = {
  resources: [
    {
      name: 'list_resources',
      description: 'Lists what can be read with read_resource.',
      properties: {},
      required: [],
      async ask(connection, _, options) {
        const resources = await listed(connection, 'resources/list', 'resources', resourceLine, options);
        if (typeof resources !== 'string') return resources;
        const template = 'resources/templates/list';
        const templates = await listed(connection, template, 'resourceTemplates', resourceLine, options);
        return said(typeof templates === 'string' ? resources + templates : resources);
      },
    },
    {
      name: 'read_resource',
      description: 'Reads a resource by its URI.',
      properties: { uri: { type: 'string', description: 'As list_resources or another tool gave it.' } },
      required: ['uri'],
      ask: (connection, { uri }, options) =>
        asBlocks(connection.ask('resources/read', { uri: uri ?? null }, options), ({ contents }) =>
          (contents as Resource[]).map(resourceBlock),
        ),
    },
  ],
  prompts: [
    {
      name: 'list_prompts',
      description:
        'Lists the prompts that get_prompt gives, each with its arguments; those in brackets may be left out.',
      properties: {},
      required: [],
      async ask(connection, _, options) {
        const prompts = await listed(connection, 'prompts/list', 'prompts', promptLine, options);
        return typeof prompts === 'string' ? said(prompts) : prompts;
      },
    },
    {
      name: 'get_prompt',
      description: 'Gives a prompt by its name.',
      properties: {
        name: { type: 'string' },
        arguments: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['name'],
      ask: (connection, args, options) =>
        asBlocks(connection.ask('prompts/get', args, options), ({ messages }) =>
          (messages as { role: string; content: Block }[]).flatMap(({ role, content }): Block[] => [
            { type: 'text', text: `${role}:` },
            content,
          ]),
        ),
    },
  ],
};

/** A connection whose resources or prompts are tools as well; a tool of the server itself goes before one of the same name. Throws `bad-file`. */
export function withResourceTools(
  connection: Connection,
  offer: readonly ServerOffer[],
  where: string,
): Connection {
  const absent = offer.find((part) => !connection.has(part));
  if (absent !== undefined)
    throw new ProctorError('bad-file', `${where}: "offer" names ${absent}, of which this server has none`);
  const tools = offer.flatMap((part) => offers[part]);
  let own = new Set<string>();
  return {
    ...connection,
    async tools() {
      const listed = await connection.tools();
      own = new Set(listed.tools.map(({ name }) => name));
      const more = tools.filter(({ name }) => !own.has(name)).map(described);
      return { ...listed, tools: [...listed.tools, ...more] };
    },
    call(name, args, options) {
      const tool = own.has(name) ? undefined : tools.find((one) => one.name === name);
      return tool ? tool.ask(connection, args, options) : connection.call(name, args, options);
    },
  };
}

const described = ({ name, description, properties, required }: OfferedTool): Tool => ({
  name,
  description,
  inputSchema: { type: 'object', properties, required },
  annotations: { readOnlyHint: true },
});

/** One line for each item over all pages, or the answer that is none. */
async function listed(
  connection: Connection,
  method: string,
  key: string,
  line: (item: JsonObject) => string,
  options: ConnectionCall,
): Promise<string | CallOutcome> {
  let text = '';
  let cursor: Json | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await connection.ask(method, cursor === undefined ? {} : { cursor }, options);
    if (answer.kind !== 'result') return answer;
    text += ((answer.result[key] ?? []) as JsonObject[]).map((item) => `${line(item)}\n`).join('');
    cursor = answer.result.nextCursor;
    if (!cursor) return text;
  }
  return { kind: 'malformed', message: `its list has more than ${maxPages} pages` };
}

const said = (text: string): CallOutcome => ({
  kind: 'result',
  result: { content: [{ type: 'text', text: text || 'There are none.' }] },
});

async function asBlocks(
  asked: ReturnType<Connection['ask']>,
  blocksOf: (result: JsonObject) => Block[],
): Promise<CallOutcome> {
  const answer = await asked;
  if (answer.kind !== 'result') return answer;
  try {
    return { kind: 'result', result: { content: blocksOf(answer.result) } };
  } catch {
    return { kind: 'malformed', message: JSON.stringify(answer.result).slice(0, 200) };
  }
}

type Resource = Extract<Block, { type: 'resource' }>['resource'];

function resourceBlock(resource: Resource): Block {
  const { mimeType = '' } = resource;
  if ('blob' in resource && mimeType.startsWith('image/'))
    return { type: 'image', mimeType, data: resource.blob };
  return { type: 'resource', resource };
}

const resourceLine = ({ uri, uriTemplate, name, description }: JsonObject) =>
  `${uri ?? uriTemplate}: ${name}${description === undefined ? '' : `, ${description}`}`;

function promptLine({ name, description, arguments: given }: JsonObject): string {
  const names = ((given ?? []) as { name: string; required?: boolean }[]).map((one) =>
    one.required ? one.name : `[${one.name}]`,
  );
  return `${name}(${names.join(', ')})${description === undefined ? '' : `: ${description}`}`;
}
