import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { z } from 'zod';
import { messageOf, ProctorError } from '../../errors.ts';
import { exactJson } from '../../schema/exact-json.ts';
import type { Json, JsonObject } from '../../schema/json.ts';
import { errorResult, textResult } from '../call-outcome.ts';
import type { HostContext, HostSandbox, HostServer, HostTool } from '../host-server.ts';
import type { InProcessTool } from '../mcp.ts';
import { serverFailed } from '../server.ts';
import { checkServer, loadModule } from './load-module.ts';

/** What a host module is opened with. */
export interface ModuleBrief {
  /** Absolute path of the module. */
  path: string;
  /** Name of the server. */
  name: string;
  seed: string;
  /** ISO 8601. */
  clock: string;
  data: Json;
}

/** A host module that serves one trial. */
export interface ServedModule {
  tools: InProcessTool[];
  /** The server's state as JSON text; absent where it declares none. Throws `tool-server-failed`. */
  state?(): string;
  close(): Promise<void>;
}

/** Makes a fresh server of a host module. Throws `bad-file`. */
export async function serveModule(
  brief: ModuleBrief,
  given: Pick<HostContext, 'log'> & { sandbox?: HostSandbox; cacheDir?: string },
): Promise<ServedModule> {
  const { path } = brief;
  const makeServer = await loadModule(path, given.cacheDir);
  let made: HostServer;
  try {
    made = await makeServer(contextOf(brief, given));
  } catch (error) {
    throw new ProctorError('bad-file', `${path}: the default export failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const server = checkServer(made, path);
  return {
    tools: server.tools.map((tool) => servedTool(tool, brief)),
    ...(server.state && { state: () => stateOf(server, path) }),
    close: async () => void (await server.close?.()),
  };
}

/** Modules of one trial draw from generators of their own, so that they don't disturb each other. */
function contextOf(
  { name, seed, clock, data }: ModuleBrief,
  { log, sandbox }: Pick<HostContext, 'log' | 'sandbox'>,
): HostContext {
  return {
    seed,
    random: generator(`${seed}/${name}`),
    now: () => new Date(clock),
    data,
    ...(sandbox && { sandbox }),
    log: (message) => log(String(message)),
  };
}

/** Numbers 0 ≤ x < 1 that follow from the seed alone. */
function generator(seed: string): () => number {
  const digest = createHash('sha256').update(seed).digest();
  const state = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
  const random = xoroshiro128plusFromState(state);
  return () => uniformFloat64(random);
}

/** What a tool throws is shown to the agent; a lost sandbox and an answer that is no JSON are not the agent's fault, and thrown on. */
function servedTool(tool: HostTool, brief: ModuleBrief): InProcessTool {
  const { name, description, annotations } = tool;
  const where = `${brief.path}: tool "${name}"`;
  const schema = isZod(tool.input) ? tool.input : undefined;
  return {
    name,
    description,
    inputSchema: schema ? jsonSchemaOf(schema, where) : objectSchema(tool.input as JsonObject, where),
    ...(annotations && { annotations }),
    async call(args, { signal }) {
      const parsed = schema?.safeParse(args);
      if (parsed?.success === false) return errorResult(z.prettifyError(parsed.error), 'schema');
      let returned: unknown;
      try {
        returned = await tool.call((parsed?.data ?? args) as JsonObject, { signal });
      } catch (error) {
        if (error instanceof ProctorError && ofTheSandbox.has(error.code)) throw error;
        return errorResult(messageOf(error) || 'The tool failed without saying why.');
      }
      return textResult(typeof returned === 'string' ? returned : jsonText(returned, name, brief));
    },
  };
}

const ofTheSandbox = new Set<ProctorError['code']>(['sandbox-broken', 'sandbox-lost', 'engine-unreachable']);

function jsonText(returned: unknown, tool: string, brief: ModuleBrief): string {
  const kind = typeof returned;
  let why = `a ${kind}`;
  if (kind !== 'function' && kind !== 'symbol') {
    try {
      return exactJson(returned);
    } catch (error) {
      why = `what is not JSON (${messageOf(error)})`;
    }
  }
  const problem = `"${tool}" returned ${why}; expected text or JSON`;
  throw serverFailed(brief.name, `failed: ${brief.path}: ${problem}`);
}

/** zod schemas of any copy of zod 4. */
const isZod = (input: unknown): input is z.ZodType =>
  typeof input === 'object' && input !== null && '_zod' in input && 'safeParse' in input;

function jsonSchemaOf(schema: z.ZodType, where: string): JsonObject {
  let json: JsonObject;
  try {
    json = z.toJSONSchema(schema, { io: 'input' }) as JsonObject;
  } catch (error) {
    throw new ProctorError('bad-file', `${where}: input has no JSON Schema: ${messageOf(error)}`);
  }
  return objectSchema(json, where);
}

function objectSchema(schema: JsonObject, where: string): JsonObject {
  if (schema.type === 'object') return schema;
  throw new ProctorError(
    'bad-file',
    `${where}: input: expected a schema of type "object", got ${JSON.stringify(schema.type ?? 'none')}`,
  );
}

function stateOf(server: HostServer, path: string): string {
  let state: Json | undefined;
  try {
    state = server.state?.();
    if (state !== undefined) return exactJson(state);
  } catch (error) {
    throw new ProctorError('tool-server-failed', `${path}: state() failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new ProctorError('tool-server-failed', `${path}: state() returned nothing; expected JSON`);
}
