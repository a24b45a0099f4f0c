import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import { readAuthorFile } from '../../schema/author-file.ts';
import { type Json, type JsonObject, jsonObject } from '../../schema/json.ts';
import { rateLimits } from './rate.ts';

/** What only the conversation decides. */
const own = ['model', 'messages', 'tools'] as const;

/** Parameters of a request, sent as they are; a server may refuse those that it does not know. Null takes away what is sent otherwise. */
export const modelParameters = z
  .looseObject({
    temperature: z.number().nonnegative().nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    max_tokens: z.int().positive().nullish(),
    max_completion_tokens: z.int().positive().nullish(),
    seed: z.int().nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    extra_body: jsonObject
      .optional()
      .describe('More parameters, in the form that the clients of OpenAI have.'),
  })
  .catchall(z.json())
  .refine((parameters) => own.every((name) => !Object.hasOwn(parameters, name)), {
    error: `${own.join(', ')} can’t be set`,
  });
export type ModelParameters = z.infer<typeof modelParameters>;

/** Reads `name=value` pairs, each value as JSON where it is some, else as text. Throws `bad-flag`. */
export function parametersOf(pairs: readonly string[]): ModelParameters {
  const entries = pairs.map((pair): [string, Json] => {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new ProctorError('bad-flag', `--param ${pair}: expected name=value, such as temperature=0`);
    return [pair.slice(0, at), jsonOr(pair.slice(at + 1))];
  });
  const parsed = modelParameters.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.length ? ` ${issue.path.join('.')}` : '';
  throw new ProctorError('bad-flag', `--param${name}: ${issue?.message ?? 'not a parameter'}`);
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The parameters of a recorded agent, without what its trace tells beside them. */
export function recordedParameters(recorded: Json | undefined): ModelParameters | undefined {
  const { baseUrl: _, program: __, ...parameters } = (recorded ?? {}) as JsonObject;
  return modelParameters.safeParse(parameters).data;
}

/** Throws `bad-flag` where a parameter is one that only the conversation of this API decides. */
export function refuseOwn(agent: string, parameters: ModelParameters, names: readonly string[]): void {
  const set = names.find((name) => Object.hasOwn(parameters, name));
  if (set !== undefined) throw new ProctorError('bad-flag', `agent ${agent}: ${set} can’t be set`);
}

/** A request with the user's parameters put over what it has. */
export function withParameters<T extends object>(body: T, { extra_body, ...parameters }: ModelParameters): T {
  const all = { ...body, ...parameters, ...extra_body } as Record<string, unknown>;
  if (all.stream === false) delete all.stream_options;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as T;
}

const pattern = z.string().refine((text) => {
  try {
    return new RegExp(text, 'i');
  } catch {
    return false;
  }
}, 'expected a regular expression');

const modelConfig = z.strictObject({
  parameters: modelParameters.default({}),
  extra_body: jsonObject.default({}),
  headers: z.record(z.string(), z.string()).default({}),
  rate: rateLimits
    .exactOptional()
    .describe('Tokens and requests that the endpoint may be asked for in a minute with one key.'),
  context_overflow: z
    .array(pattern)
    .default([])
    .describe('What an endpoint says where a conversation no longer fits, beside what is known.'),
});
export type ModelConfig = z.infer<typeof modelConfig>;

/** Reads how an endpoint is to be asked, from TOML or JSON; what a file that is not given says. Throws `bad-file`. */
export const readModelConfig = (file: string | undefined): ModelConfig =>
  file === undefined ? modelConfig.parse({}) : readAuthorFile(file, modelConfig);

/** Reads `Name: value` pairs. Throws `bad-flag`. */
export function headersOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*)$/.exec(pair) ?? [];
      if (name && value !== undefined) return [name, value];
      throw new ProctorError('bad-flag', `--header ${pair.split(':')[0]}: expected 'Name: value'`);
    }),
  );
}

/** Whether a header as it was given holds a secret itself, rather than the name of a variable that does. */
export const isSecretHeader = (header: string) =>
  /^[^:]*(key|auth|token|secret|cookie)/i.test(header) && !header.includes('${');
