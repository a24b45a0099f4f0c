import { parse, stringify } from 'smol-toml';
import type { ToolServer } from '../../schema/environment.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { ListedTool } from '../../schema/trace-event.ts';

/** What is known of an environment that is an MCP server. */
export interface ServerEnvironment {
  name: string;
  description: string;
  /** The line that names the image; absent where the server is reached by its URL. */
  image?: string;
  server: ToolServer;
  /** Folders in the sandbox that are the state. */
  folders: readonly string[];
}

/** `environment.toml`, as far as the server has not to be asked. */
export function environmentText({ name, description, image, server, folders }: ServerEnvironment): string {
  const head = [
    stringify({ name, description }),
    ...(image === undefined ? [] : [image, 'workdir = "/home/agent/work"', 'env = { HOME = "/home/agent" }']),
  ];
  const state = image === undefined ? [] : [stringify({ state: { paths: [...folders] } })];
  return joined([head.map((line) => line.trimEnd()).join('\n'), serverText(server), ...state]);
}

/** What a server was asked, and what of it the agent is shown. */
export interface Listed {
  tools: readonly ListedTool[];
  /** Tools that the agent is shown; all when absent. */
  only?: readonly string[] | undefined;
  /** The file with what the server says of its use. */
  guidance?: string;
}

/**
 * `environment.toml` with what the server answered: each tool with what it declares of itself, those that are not in `only` hidden.
 * What the text says already stays as it is.
 */
export function withTools(text: string, { tools, only, guidance }: Listed): string {
  const present = parse(text);
  const hidden = tools.map(({ name }) => name).filter((name) => !(only?.includes(name) ?? true));
  const declared = isTable(present.tools) ? present.tools : {};
  const keys = [
    ...(guidance === undefined || 'guidance' in present ? [] : [stringify({ guidance })]),
    ...(hidden.length === 0 || 'hide' in present
      ? []
      : ['# Tools of the server that the agent is not shown.\n', stringify({ hide: hidden })]),
  ];
  const at = text.search(/^\[/m);
  const [head, tables] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
  return joined([
    `${head.trimEnd()}\n${keys.join('')}`,
    ...(tables === '' ? [] : [tables]),
    ...tools.filter(({ name }) => !(name in declared)).map(toolText),
  ]);
}

const isTable = (value: unknown): value is object => typeof value === 'object' && value !== null;

const joined = (parts: readonly string[]) => parts.map((part) => `${part.trimEnd()}\n`).join('\n');

function serverText(server: ToolServer): string {
  const { env, ...rest } = server.placement === 'sandbox' ? server : { ...server, env: {} };
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => !isEmpty(value)));
  return stringify({ servers: [{ ...given, ...(!isEmpty(env) && { env }) }] });
}

const isEmpty = (value: unknown) => typeof value === 'object' && Object.keys(value ?? {}).length === 0;

/** What a tool's server says of it is not to be trusted blindly, so it stands beside what was made of it. */
function toolText({ name, annotations, declared }: ListedTool): string {
  const { reversible, scope, replay, repeatable, effect } = declared;
  const entry = {
    effect,
    ...(!reversible && { reversible }),
    ...(scope !== 'local' && { scope }),
    ...(replay !== 'execute' && { replay }),
    ...(repeatable && { repeatable }),
  };
  return `# ${hintsOf(annotations)}\n${stringify({ tools: { [name]: entry } })}`;
}

function hintsOf(annotations: JsonObject | undefined): string {
  const hints = Object.entries(annotations ?? {}).filter(([key]) => key.endsWith('Hint'));
  if (hints.length === 0) return 'Its server says nothing of what it does: taken to write.';
  return `Its server says: ${hints.map(([key, value]) => `${key} ${value}`).join(', ')}.`;
}

/** `policy.toml`: a rule to fill in for every tool that does more than read. */
export function policyText(tools: readonly ListedTool[]): string {
  const head = [
    '# One rule per tool of the server, each to be filled in: take the # away, and say in `when` which calls are wrong.',
    '# `args` are the arguments of a call; what a tool does to the world is taken from environment.toml where a rule is silent.',
  ];
  return [head.join('\n'), ...tools.map(ruleText)].map((part) => `${part}\n`).join('\n');
}

function ruleText({ name, inputSchema, declared }: ListedTool): string {
  const rule = {
    id: idOf(name),
    category: 'policy-violation',
    message: `What ${name} must not be asked for.`,
    tool: name,
    when: 'false',
    effect: declared.effect,
    reversible: declared.reversible,
    scope: declared.scope,
  };
  const block = stringify({ rules: [rule] }).trimEnd();
  return [`# ${name}: ${argumentsOf(inputSchema)}`, ...block.split('\n').map((line) => `#${line}`)].join(
    '\n',
  );
}

const idOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'tool';

function argumentsOf({ properties, required }: JsonObject): string {
  const names = Object.keys((properties ?? {}) as JsonObject);
  if (names.length === 0) return 'takes no arguments';
  const demanded = new Set(Array.isArray(required) ? required : []);
  return `takes ${names.map((name) => (demanded.has(name) ? name : `[${name}]`)).join(', ')}`;
}
