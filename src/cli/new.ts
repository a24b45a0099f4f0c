import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseArgsStringToArgv } from 'string-argv';
import type { Prompter } from '../agent/human.ts';
import { isUrl, newServerEnvironment } from '../check/mcp/new-server-environment.ts';
import { newEnvironment, newTask, type ToolPlacement } from '../check/scaffold.ts';
import { loadEnvironment } from '../environment/load.ts';
import { ProctorError } from '../errors.ts';
import { displayPath } from '../schema/author-file.ts';
import { listTools, programOf } from './list-tools.ts';
import { environmentsOption, runtimeOption, tasksOption } from './option.ts';
import { openPrompter } from './prompter.ts';

interface Roots {
  environments: string[];
  tasks: string[];
}

/** `proctor new`: the first files of an environment or a task, which pass `proctor check` as they are. */
export function newCommand(): Command {
  return new Command('new')
    .description('Write the first files of an environment or a task; they pass proctor check as they are.')
    .addCommand(newEnvironmentCommand())
    .addCommand(newTaskCommand());
}

interface EnvironmentFlags extends Roots {
  runtime?: string;
  tools?: ToolPlacement;
  image?: string;
  mcp?: string | true;
  env?: Record<string, string>;
  http?: { port: number; path?: string };
  only?: string[];
}

function newEnvironmentCommand(): Command {
  return new Command('environment')
    .description(
      'An environment with two tools, a state and a policy rule, or with those of an MCP server; and a first task for it.',
    )
    .argument('[name]', 'asked for where it is left out')
    .addOption(
      new Option('--tools <placement>', 'TypeScript in Proctor’s process, or Python in the sandbox').choices([
        'host',
        'sandbox',
      ]),
    )
    .addOption(
      new Option(
        '--mcp [server]',
        'an MCP server to take the tools of: "npx -y PACKAGE …", the URL of one, or a command of --image; left out, what that image starts',
      ).conflicts('tools'),
    )
    .option(
      '--http <port>',
      'where the MCP server speaks streamable HTTP in the sandbox, such as 3001 or 8080/api/mcp',
      endpoint,
    )
    .option('--only <tools>', 'of the server’s tools, those the agent is shown (a,b)', (text) =>
      text.split(',').map((one) => one.trim()),
    )
    .addOption(
      new Option('--env <name=value>', 'a variable for the MCP server (repeatable)').argParser(
        collectVariables,
      ),
    )
    .option(
      '--image <image>',
      'image to start from, or a folder of sandbox-images/; with --mcp the one that has the server',
    )
    .addOption(runtimeOption())
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .action(newFromFlags);
}

async function newFromFlags(given: string | undefined, flags: EnvironmentFlags): Promise<void> {
  const { mcp, image } = flags;
  if (mcp === undefined) requireNone(flags, ['http', 'only', 'env'], 'it goes with --mcp');
  const { name, tools } = await asking(async (ask) => ({
    name: given ?? (await ask('name of the environment')),
    tools:
      flags.tools ??
      (given === undefined && mcp === undefined ? placement(await ask('tools: host or sandbox')) : 'host'),
  }));
  const roots = rootsOf(flags);
  const folder = join(roots.environments, name);
  const files =
    mcp === undefined
      ? newEnvironment(folder, { name, tools, ...(image !== undefined && { image }) })
      : await newFromServer(folder, name, mcp, flags);
  const environment = loadEnvironment(name, { roots: [roots.environments] });
  const dir = join(roots.tasks, name, 'first');
  tell([...files, ...newTask(dir, `${name}/first`, environment)], dir, flags);
}

function newFromServer(
  dir: string,
  name: string,
  mcp: string | true,
  flags: EnvironmentFlags,
): Promise<string[]> {
  const { image, env = {}, http, only } = flags;
  const server = mcp === true ? [] : parseArgsStringToArgv(mcp);
  if (isUrl(server)) requireNone(flags, ['http', 'env', 'image'], 'a server at a URL is reached where it is');
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const written = () => loadEnvironment(name, { roots: [dirname(dir)] });
  return newServerEnvironment(dir, {
    name,
    server,
    env,
    ...(image !== undefined && { image }),
    ...(http && { http }),
    ...(only && { only }),
    program: () => programOf(written(), { ...flags, say }),
    list: () => listTools(written(), { ...flags, say }),
    say,
  });
}

function requireNone(flags: EnvironmentFlags, names: (keyof EnvironmentFlags)[], why: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new ProctorError('bad-flag', `--${given}: ${why}`);
}

/** Parses `PORT` or `PORT/PATH`. */
function endpoint(text: string): { port: number; path?: string } {
  const [, port, path] = /^(\d{1,5})(\/\S*)?$/.exec(text) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new InvalidArgumentError('expected a port, or PORT/PATH');
  return { port: Number(port), ...(path !== undefined && { path }) };
}

/** Parses `NAME=VALUE`. */
function collectVariables(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function newTaskCommand(): Command {
  return new Command('task')
    .description('A task with a reference, a wrong agent and a verifier.')
    .argument('[suite/name]', 'asked for where it is left out')
    .option('--environment <name>', 'the environment it takes place in; else that of the suite’s name')
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .action(async (given: string | undefined, flags: Roots & { environment?: string }) => {
      const { name, environment } = await asking(async (ask) => ({
        name: given ?? (await ask('suite/name of the task')),
        environment:
          flags.environment ?? (given === undefined ? await ask('environment') : (given.split('/')[0] ?? '')),
      }));
      const dir = join(rootsOf(flags).tasks, name);
      tell(newTask(dir, name, loadEnvironment(environment, { roots: flags.environments })), dir, flags);
    });
}

type Ask = (question: string) => Promise<string>;

/** Questions go to the person at the terminal; elsewhere what is missing is the caller's mistake. */
async function asking<T>(collect: (ask: Ask) => Promise<T>): Promise<T> {
  const prompter = process.stdin.isTTY ? openPrompter() : undefined;
  try {
    return await collect((question) => answerOf(question, prompter));
  } finally {
    prompter?.close();
  }
}

async function answerOf(question: string, prompter: Prompter | undefined): Promise<string> {
  const line = await prompter?.ask(`${question}: `, new AbortController().signal);
  if (line === undefined) throw new ProctorError('bad-flag', `missing: ${question}`);
  return line.trim();
}

function placement(text: string): ToolPlacement {
  if (text === 'host' || text === 'sandbox') return text;
  throw new ProctorError('bad-flag', `tools: expected host or sandbox, got "${text}"`);
}

/** Where new folders go: the first that was named, else the working directory's own. */
function rootsOf({ environments, tasks }: Roots): { environments: string; tasks: string } {
  return { environments: environments[0] ?? 'environments', tasks: tasks[0] ?? 'tasks' };
}

function tell(files: string[], task: string, { environments }: Roots): void {
  const roots = environments.map((root) => ` --environments ${root}`).join('');
  process.stdout.write(
    `${files.map(displayPath).join('\n')}\n\nprove it with: proctor check ${task}${roots}\n`,
  );
}
