import { dirname, join } from 'node:path';
import { parseArgsStringToArgv } from 'string-argv';
import type { Prompter } from '../agent/human.ts';
import { headersOf, isSecretHeader } from '../agent/model/parameters.ts';
import { bareTask } from '../check/check-environments.ts';
import {
  completeServerEnvironment,
  isUrl,
  newServerEnvironment,
  type ServerEnvironmentOptions,
} from '../check/mcp/new-server-environment.ts';
import { tellingLine } from '../check/mcp/telling-line.ts';
import { newEnvironment, newTask, type ToolPlacement } from '../check/scaffold.ts';
import type { Environment } from '../environment/environment.ts';
import { loadEnvironment } from '../environment/load.ts';
import { ProctorError } from '../errors.ts';
import { openSetup } from '../library/open-sandbox.ts';
import { openPrompter } from '../library/prompter.ts';
import { chooseProvider } from '../library/provider.ts';
import { toolboxOpener } from '../run-trials.ts';
import type { ImageProgram } from '../sandbox/sandbox.ts';
import { displayPath } from '../schema/author-file.ts';
import { isFolder } from '../schema/author-folder.ts';
import { newRunId } from '../trace/run-file.ts';
import { withInteractiveTrial } from './interactive-trial.ts';
import { openLog, serverLog } from './log.ts';
import { say } from './print.ts';

interface Roots {
  environments: string[];
  tasks: string[];
}

interface EnvironmentFlags extends Roots {
  runtime?: string;
  tools?: ToolPlacement;
  image?: string;
  mcp?: string | true;
  env?: Record<string, string>;
  http?: { port: number; path?: string };
  only?: string[];
  header?: string[];
  seed?: string;
  packages?: string[];
  again?: true;
}

/** `proctor new environment`: the first files of an environment, and of a task in it. */
export async function newEnvironmentFromFlags(
  given: string | undefined,
  flags: EnvironmentFlags,
): Promise<void> {
  const { mcp, image, again } = flags;
  if (mcp === undefined) {
    requireNone(flags, ['http', 'env', 'header', 'seed', 'packages'], 'it goes with --mcp');
    if (!again) requireNone(flags, ['only'], 'it goes with --mcp');
  }
  const { name, tools, seed } = await asking(async (ask) => ({
    name: given ?? (await ask('name of the environment')),
    tools:
      flags.tools ??
      (given === undefined && mcp === undefined && !again
        ? placement(await ask('tools: host or sandbox'))
        : 'host'),
    seed:
      flags.seed ??
      (given === undefined && isNpx(mcp)
        ? await ask('folder with data for the server to start with (none when empty)')
        : ''),
  }));
  const roots = rootsOf(flags);
  const folder = join(roots.environments, name);
  const files = again
    ? await goOn(folder, name, flags)
    : mcp === undefined
      ? newEnvironment(folder, { name, tools, ...(image !== undefined && { image }) })
      : await newFromServer(folder, name, mcp, { ...flags, ...(seed !== '' && { seed }) });
  const environment = loadEnvironment(name, { roots: [roots.environments] });
  const dir = join(roots.tasks, name, 'first');
  const task = again && isFolder(dir) ? [] : newTask(dir, `${name}/first`, environment);
  tell([...files, ...task], dir, flags);
}

const isNpx = (mcp: string | true | undefined) => typeof mcp === 'string' && /^\s*npx\s/.test(mcp);

/** The environment that was kept, with what its server answers now. */
async function goOn(dir: string, name: string, flags: EnvironmentFlags): Promise<string[]> {
  const environment = loadEnvironment(name, { roots: [dirname(dir)] });
  return completeServerEnvironment(dir, {
    list: () => listTools(environment, flags),
    ...(flags.only && { only: flags.only }),
  });
}

function newFromServer(
  dir: string,
  name: string,
  mcp: string | true,
  flags: EnvironmentFlags,
): Promise<string[]> {
  const { image, env = {}, http, only, header = [], seed, packages } = flags;
  const server = mcp === true ? [] : parseArgsStringToArgv(mcp);
  if (isUrl(server))
    requireNone(
      flags,
      ['http', 'env', 'image', 'seed', 'packages'],
      'a server at a URL is reached where it is',
    );
  else requireNone(flags, ['header'], 'it goes with the URL of a server');
  if (image !== undefined)
    requireNone(flags, ['seed', 'packages'], 'the image that --image names has them, or has not');
  const written = () => loadEnvironment(name, { roots: [dirname(dir)] });
  return newServerEnvironment(dir, {
    name,
    server,
    env,
    headers: serverHeaders(header),
    ...(image !== undefined && { image }),
    ...(http && { http }),
    ...(only && { only }),
    ...(seed !== undefined && { seed }),
    ...(packages && { packages }),
    program: () => programOf(written(), flags),
    list: () => listTools(written(), flags),
    say,
  });
}

/** Headers as `environment.toml` may have them. Throws `bad-flag` for one that holds a secret itself. */
function serverHeaders(header: readonly string[]): Record<string, string> {
  const open = header.find(isSecretHeader);
  if (open === undefined) return headersOf(header);
  const name = open.split(':')[0];
  throw new ProctorError(
    'bad-flag',
    `--header ${name}: expected its secret in a variable, such as '${name}: \${TOKEN}', since environment.toml keeps what is given`,
  );
}

function requireNone(flags: EnvironmentFlags, names: (keyof EnvironmentFlags)[], why: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new ProctorError('bad-flag', `--${given}: ${why}`);
}

/** `proctor new task`: the first files of a task, which pass `proctor check` as they are. */
export async function newTaskFromFlags(
  given: string | undefined,
  flags: Roots & { environment?: string; generated?: true },
): Promise<void> {
  const { name, environment } = await asking(async (ask) => ({
    name: given ?? (await ask('suite/name of the task')),
    environment:
      flags.environment ?? (given === undefined ? await ask('environment') : (given.split('/')[0] ?? '')),
  }));
  const dir = join(rootsOf(flags).tasks, name);
  const { environments, generated = false } = flags;
  const files = newTask(dir, name, loadEnvironment(environment, { roots: environments }), { generated });
  tell(files, generated ? `${dir} --instances 3` : dir, flags);
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

/** What the image of an environment starts by itself. */
async function programOf({ image }: Environment, flags: { runtime?: string }): Promise<ImageProgram> {
  const { provider } = await chooseProvider('docker', { ...flags, runId: newRunId(new Date()), poolSize: 0 });
  try {
    return (image && (await provider.programOf?.(image, say))) ?? { argv: [] };
  } finally {
    await provider.close();
  }
}

/** Opens an environment, asks its servers for their tools and closes it. Throws what opening throws. */
async function listTools(
  environment: Environment,
  flags: { runtime?: string },
): ReturnType<ServerEnvironmentOptions['list']> {
  const run = newRunId(new Date());
  const setup = { task: bareTask(environment), environment };
  const { provider } = await chooseProvider(environment.image ? 'docker' : 'embedded', {
    ...flags,
    runId: run,
    poolSize: 0,
  });
  const instructions: string[] = [];
  const said: string[] = [];
  const open = toolboxOpener(serverLog(openLog(undefined)));
  const openToolbox: typeof open = (trial) =>
    open({
      ...trial,
      notify({ method, params }) {
        if (method === 'proctor/instructions') instructions.push(String(params));
        if (method === 'proctor/stderr') said.push(String(params));
      },
    });
  const parts = { run, trial: 'new', provider, openToolbox, say };
  try {
    return await withInteractiveTrial(
      (signal) => openSetup(setup, { ...parts, signal }),
      say,
      (trial) => ({
        tools: trial.tools().filter(({ placement }) => placement !== 'builtin'),
        instructions,
      }),
    );
  } catch (error) {
    const line = tellingLine(said);
    if (!(error instanceof ProctorError) || line === undefined || error.message.includes(line)) throw error;
    throw new ProctorError(error.code, `${error.message}; it said: ${line}`, { cause: error });
  }
}
