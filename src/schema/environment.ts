import { z } from 'zod';
import { canary } from './canary.ts';
import { contract } from './contract.ts';
import { toolEffect } from './effect.ts';
import { networkRequest } from './network.ts';
import { isPattern } from './pattern.ts';
import { recordSource, stateFiles } from './state.ts';

const named = { name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/) };

/** What a server that asks its client for something is answered; what has no answer is refused. */
const serverAnswers = z.strictObject({
  sampling: z.string().optional().describe('Text that every request for a model’s completion gets.'),
  elicitation: z
    .union([z.enum(['decline', 'cancel']), z.record(z.string(), z.json())])
    .optional()
    .describe('Values of the fields that a user is asked for, or `decline` or `cancel`.'),
  roots: z.array(z.string().regex(/^\//)).optional().describe('Folders that the client gives it to work on.'),
});
export type ServerAnswers = z.infer<typeof serverAnswers>;
const answers = serverAnswers
  .optional()
  .describe(
    'What it is answered when it asks for a completion, a user’s input or roots; else it is refused.',
  );

const offered = z.enum(['resources', 'prompts']);
export type ServerOffer = z.infer<typeof offered>;
const offer = z
  .array(offered)
  .optional()
  .describe(
    'What else of it becomes tools: `list_resources` and `read_resource`, `list_prompts` and `get_prompt`.',
  );

const start_timeout_seconds = z
  .number()
  .positive()
  .optional()
  .describe('How long it may take to start, and for each page of its list of tools; 30 when absent.');

const withVariables =
  'may name variables of Proctor’s own environment, as a dollar sign and the name in braces; those are never recorded';

/** What a client proves itself with at an authorization server. */
const oauth = z
  .strictObject({
    client_id: z.string(),
    client_secret: z.string().describe(`It and the id ${withVariables}.`),
    scope: z.string().optional(),
    issuer: z.url().describe('The authorization server that may be given them; no other one is.'),
  })
  .optional()
  .describe('Credentials of a client (OAuth 2), for a server that wants a token; it is fetched and renewed.');

/** One MCP server of an environment, by placement. */
const toolServer = z.discriminatedUnion('placement', [
  z.strictObject({
    ...named,
    placement: z
      .literal('host')
      .describe('A module in Proctor’s process; trusted, out of the agent’s reach.'),
    module: z.string().describe('Path of a TypeScript or JavaScript module in the environment’s folder.'),
    start_timeout_seconds,
  }),
  z.strictObject({
    ...named,
    placement: z
      .literal('sandbox')
      .describe('A server started inside the sandbox; spoken to over stdio, or on a port of its own.'),
    command: z.array(z.string()).min(1),
    env: z.record(z.string(), z.string()).default({}),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe('Where it speaks streamable HTTP inside the sandbox; over stdio when absent.'),
    path: z.string().regex(/^\//).optional().describe('Path of its endpoint; `/mcp` when absent.'),
    start_timeout_seconds,
    answers,
    offer,
  }),
  z.strictObject({
    ...named,
    placement: z.literal('remote').describe('A server that is reached by its URL.'),
    transport: z.enum(['streamable-http', 'sse']).default('streamable-http'),
    url: z.url(),
    inside: z
      .boolean()
      .optional()
      .describe('Its URL is that of a program that the image starts: it is reached inside the sandbox.'),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .describe(`What every request to it has; values ${withVariables}.`),
    oauth,
    start_timeout_seconds,
    answers,
    offer,
  }),
]);
export type ToolServer = z.infer<typeof toolServer>;

/** What may differ from one execution of the same calls to the next. */
const mask = z.union([
  z.strictObject({
    name: z.string().min(1),
    pattern: z
      .string()
      .refine(isPattern, 'expected a regular expression')
      .describe('Text of observations, and of values and paths in the state.'),
    replace: z.string().optional().describe('What stands in its place; may name groups, such as `$1`.'),
  }),
  z.strictObject({
    name: z.string().min(1),
    paths: z
      .array(z.string())
      .min(1)
      .describe('Globs of files of the state that may differ, or of JSON pointers into a server’s state.'),
  }),
]);
export type DeclaredMask = z.infer<typeof mask>;

/** What the state of the world is, for progress, effects and verification. */
const stateSource = z.union([
  stateFiles,
  z.strictObject({
    server: z.string().describe('A host server whose `state()` is the state.'),
  }),
]);

/** What authors may ask of a sandbox; a provider lists what it has. */
export const sandboxNeed = z.enum([
  'kernel', // real processes, users and permissions
  'spawn', // long-lived processes with a duplex stream (stdio MCP servers)
  'users', // commands as another user
  'image', // files and programs of a container image
  'background', // jobs that outlive their command
]);

/** `environment.toml`. */
export const environment = z.strictObject({
  ...named,
  description: z.string(),
  image: z
    .string()
    .optional()
    .describe('Name of a folder of sandbox-images/, or "." for the Dockerfile beside this file.'),
  docker_image: z.string().optional().describe('An image reference used as it is.'),
  needs: z.array(sandboxNeed).default([]),
  workdir: z.string().default('/home/agent/work'),
  user: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  memory_mb: z.number().default(512),
  cpus: z.number().default(1),
  pids: z.int().default(256),
  ...networkRequest,
  guidance: z
    .string()
    .optional()
    .describe('A Markdown file of this folder that the agent is given before the instruction.'),
  builtin: z
    .array(z.enum(['bash', 'str_replace_based_edit_tool']))
    .default([])
    .describe('Built-in tools beside `submit`, which is always there.'),
  servers: z.array(toolServer).default([]),
  hide: z.array(z.string()).default([]).describe('Tools of the servers that the agent is not shown.'),
  tools: z.record(z.string(), toolEffect).default({}).describe('What each tool does, by name.'),
  state: stateSource.optional(),
  records: z.array(recordSource).default([]).describe('Files whose records are part of the state.'),
  canaries: z
    .array(canary)
    .default([])
    .describe('Planted values; `{{canary:NAME}}` stands for one in seed.json and in files of the sandbox.'),
  contract: contract
    .default({})
    .describe('What every task here wants, as in proctor.toml; what a task says itself is added.'),
  masks: z
    .array(mask)
    .default([])
    .describe('What a replay may answer differently, beside timestamps, pids and the like.'),
});
export type EnvironmentConfig = z.infer<typeof environment>;
