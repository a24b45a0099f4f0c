import type { Json, JsonObject } from '../../schema/json.ts';
import { callOf } from './call.ts';
import type { AnsweredCall } from './dialect.ts';
import { objectIn, textIn } from './field.ts';

/** How one kind of item calls a tool that the program runs. */
interface CallKind {
  /** The name of the tool, where the item does not give it. */
  tool?: string;
  /** Where the item has its arguments, as JSON text, as any text, or as an object. */
  field: string;
  form: 'json' | 'text' | 'object';
  /** The item that says what came of it. */
  result(id: string, text: string): JsonObject;
}

const kinds: Record<string, CallKind> = {
  function_call: {
    field: 'arguments',
    form: 'json',
    result: (call_id, output) => ({ type: 'function_call_output', call_id, output }),
  },
  custom_tool_call: {
    field: 'input',
    form: 'text',
    result: (call_id, output) => ({ type: 'custom_tool_call_output', call_id, output }),
  },
  local_shell_call: {
    tool: 'local_shell',
    field: 'action',
    form: 'object',
    result: (id, output) => ({ type: 'local_shell_call_output', id, output }),
  },
  shell_call: {
    tool: 'shell',
    field: 'action',
    form: 'object',
    result: (call_id, stderr) => ({
      type: 'shell_call_output',
      call_id,
      output: [{ stdout: '', stderr, outcome: { type: 'exit', exit_code: 126 } }],
    }),
  },
  apply_patch_call: {
    tool: 'apply_patch',
    field: 'operation',
    form: 'object',
    result: (call_id, output) => ({ type: 'apply_patch_call_output', call_id, status: 'failed', output }),
  },
  tool_search_call: {
    tool: 'tool_search',
    field: 'arguments',
    form: 'object',
    result: (call_id) => ({
      type: 'tool_search_output',
      call_id,
      execution: 'client',
      status: 'completed',
      tools: [],
    }),
  },
};

const kindOf = ({ type }: JsonObject) =>
  Object.hasOwn(kinds, textIn(type)) ? kinds[textIn(type)] : undefined;

/** Whether an item is the provider's own call, by its kind or by where it runs, or one of a screen, which no tool of a program is. */
const isHosted = ({ type, execution, environment }: JsonObject) =>
  /^(web_search|file_search|code_interpreter|image_generation|mcp|computer)_call$|^program$/.test(
    textIn(type),
  ) ||
  execution === 'server' ||
  /container/.test(textIn(objectIn(environment).type));

/** Whether an item calls a tool that the program runs. */
export const isCall = (item: JsonObject): boolean => kindOf(item) !== undefined && !isHosted(item);

/** The name of a tool that the provider ran, where an item is that. */
export const hostedTool = (item: JsonObject): string[] =>
  isHosted(item) ? [textIn(item.name) || textIn(item.type)] : [];

export const callIdOf = (item: JsonObject): string => textIn(item.call_id) || textIn(item.id);

/** A tool's name with that of its namespace, which may end as programs join the two. */
export const nameIn = (namespace: Json | undefined, name: string): string => {
  const space = textIn(namespace);
  return space === '' ? name : `${space}${/[._/-]$/.test(space) ? '' : '.'}${name}`;
};

export function callIn(item: JsonObject, providerId: string): AnsweredCall {
  const { tool = textIn(item.name), field, form } = kindOf(item) as CallKind;
  const value = item[field];
  const written = {
    name: nameIn(item.namespace, tool),
    arguments: typeof value === 'string' ? value : JSON.stringify(value ?? {}),
    ...(form === 'text' && { custom: true as const }),
  };
  const call = callOf(providerId, written);
  return item.type === 'function_call' ? call : { ...call, kind: textIn(item.type) };
}

/** Where a call has its arguments. */
export const fieldOf = (item: JsonObject): string => (kindOf(item) as CallKind).field;

/** Arguments as a call of this kind has them. */
export function argumentsIn(item: JsonObject, args: JsonObject): Json {
  const { form } = kindOf(item) as CallKind;
  return form === 'text' ? textIn(args.input) : form === 'json' ? JSON.stringify(args) : args;
}

export const resultItem = (type: string, id: string, text: string): JsonObject =>
  (kinds[type] ?? (kinds.function_call as CallKind)).result(id, text);
