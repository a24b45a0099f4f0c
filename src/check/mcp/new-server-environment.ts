import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { stringify } from 'smol-toml';
import { ProctorError } from '../../errors.ts';
import type { ImageProgram } from '../../sandbox/sandbox.ts';
import { displayPath } from '../../schema/author-file.ts';
import { isFile, makeFolders } from '../../schema/author-folder.ts';
import type { ToolServer } from '../../schema/environment.ts';
import { didYouMean } from '../../schema/nearest.ts';
import type { ListedTool } from '../../schema/trace-event.ts';
import { imageLine, requireName, requireNew } from '../scaffold.ts';
import { readSeed } from './seed.ts';
import { writeServerImage } from './server-image.ts';
import { installPackage, npxCommand } from './server-package.ts';
import { environmentText, policyText, type ServerEnvironment, withTools } from './server-text.ts';

export interface ServerEnvironmentOptions {
  name: string;
  /** A command line, cut into words, or one URL; none for what the image starts. */
  server: readonly string[];
  /** An image, or a folder of sandbox-images/, that has the server; where absent, an `npx` command is installed into one. */
  image?: string;
  /** What the server is given in its environment. */
  env: Record<string, string>;
  /** What every request to a server at a URL has; values may name variables. */
  headers?: Record<string, string>;
  /** Where it speaks streamable HTTP in the sandbox; over stdio when absent. */
  http?: { port: number; path?: string };
  /** Debian packages that an npm server needs beside Node.js. */
  packages?: readonly string[];
  /** `FOLDER` or `FOLDER:/folder`: what is in a folder of an npm server before it starts. */
  seed?: string;
  /** Tools the agent is shown; all when absent. */
  only?: readonly string[];
  /** What the image of the environment that was written so far starts by itself. */
  program(): Promise<ImageProgram>;
  /** Starts the environment that was written so far and asks its server for its tools, and how they are to be used. */
  list(): Promise<{ tools: readonly ListedTool[]; instructions: readonly string[] }>;
  say(line: string): void;
}

const workdir = '/home/agent/work';

/** Whether a server is reached where it is. */
export const isUrl = ([first = '']: readonly string[]) => /^https?:\/\//.test(first);

/**
 * Writes an environment whose tools are those of an MCP server, as it lists them; gives the files. Throws `bad-flag` where the
 * name or a tool will not do, or where the command is not to be had, and what `list` throws. What was written stays to be mended
 * where it is known how the server starts, and only the image or the server fail.
 */
export async function newServerEnvironment(
  dir: string,
  options: ServerEnvironmentOptions,
): Promise<string[]> {
  const { name, server } = options;
  requireName(name);
  requireNew(dir);
  const discard = (error: unknown): never => {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  };
  const { environment, files } = await furnish(dir, options).catch(discard);
  writeFileSync(join(dir, 'environment.toml'), environmentText(environment));
  const completed = await completeServerEnvironment(dir, options).catch((error) => {
    if (isUrl(server)) return discard(error);
    throw kept(dir, name, error);
  });
  return [...new Set([...files, ...completed])].sort();
}

/**
 * Asks the server of an environment that was written for its tools and writes what is not there yet: `guidance.md`, `[tools.NAME]`,
 * `policy.toml`; gives the files. Throws `bad-flag` where a tool will not do, and what `list` throws.
 */
export async function completeServerEnvironment(
  dir: string,
  { only, list }: Pick<ServerEnvironmentOptions, 'only' | 'list'>,
): Promise<string[]> {
  const { tools, instructions } = await list();
  requireTools(tools, only);
  const file = (name: string) => join(dir, name);
  const guidance = instructions.length > 0 ? 'guidance.md' : undefined;
  if (guidance && !isFile(file(guidance)))
    writeFileSync(file(guidance), `${instructions.join('\n\n').trim()}\n`);
  const text = readFileSync(file('environment.toml'), 'utf8');
  writeFileSync(file('environment.toml'), withTools(text, { tools, only, ...(guidance && { guidance }) }));
  const shown = tools.filter((tool) => only?.includes(tool.name) ?? true);
  if (!isFile(file('policy.toml'))) writeFileSync(file('policy.toml'), policyText(shown));
  return ['environment.toml', 'policy.toml', ...(guidance ? [guidance] : [])].map(file);
}

/** An image or a server that needs mending is not written anew from nothing. */
function kept(dir: string, name: string, error: unknown): unknown {
  if (!(error instanceof ProctorError) || error.kind === 'interrupted') return error;
  const hint = `what was written is in ${displayPath(dir)}: mend it, and go on with: proctor new environment ${name} --again`;
  return new ProctorError(error.code, `${error.message}; ${hint}`, { cause: error });
}

/** Makes the folder with the image of the server, where it needs one of its own. */
async function furnish(
  dir: string,
  options: ServerEnvironmentOptions,
): Promise<{ environment: ServerEnvironment; files: string[] }> {
  const { name, server, image, env, http, say } = options;
  const [first = ''] = server;
  const npx = isUrl(server) ? undefined : npxCommand(server);
  const folders = foldersIn([...(npx?.args ?? server.slice(1)), ...Object.values(env)]);
  const make = (rest: Pick<ServerEnvironment, 'description' | 'image' | 'server'>, files: string[] = []) => {
    makeFolders(dir);
    return { environment: { name, folders, ...rest }, files };
  };
  const inSandbox = (named: string, command: string[]): ToolServer => ({
    name: serverName(named),
    placement: 'sandbox',
    command,
    env,
    ...http,
  });
  if (isUrl(server)) {
    const { hostname } = new URL(first);
    const remote: ToolServer = {
      name: serverName(hostname),
      placement: 'remote',
      transport: 'streamable-http',
      url: first,
      headers: options.headers ?? {},
    };
    return make({ description: `The tools of the MCP server at ${first}.`, server: remote });
  }
  if (first === '') return onlyImage(dir, options);
  if (image !== undefined) {
    const description = `The tools of the MCP server ${basename(first)} of the image ${image}.`;
    return make({ description, image: imageLine(image), server: inSandbox(first, [...server]) });
  }
  if (npx === undefined) throw notInstallable(server);
  const seed = options.seed === undefined ? undefined : readSeed(options.seed, folders);
  say(`installing ${npx.spec}`);
  const installed = await installPackage(npx.spec);
  const { name: packageName, version, argv } = installed;
  makeFolders(dir);
  const files = await writeServerImage(dir, {
    server: installed,
    folders: [...new Set([workdir, ...folders])],
    packages: options.packages ?? [],
    ...(seed && { seed }),
  });
  return make(
    {
      description: `The tools of the MCP server ${packageName} ${version}.`,
      image: 'image = "."',
      server: inSandbox(packageName, [...argv, ...npx.args]),
    },
    files,
  );
}

/** A server that is what an image starts, in the folder it starts in. */
async function onlyImage(
  dir: string,
  { name, image, env, http, program }: ServerEnvironmentOptions,
): Promise<{ environment: ServerEnvironment; files: string[] }> {
  if (image === undefined)
    throw new ProctorError('bad-flag', '--mcp: expected a command, a URL, or --image with a server in it');
  const description = `The tools of the MCP server that the image ${image} is.`;
  makeFolders(dir);
  const bare = stringify({ name, description });
  writeFileSync(join(dir, 'environment.toml'), `${bare}\n${imageLine(image)}\n`);
  const { argv, cwd } = await program();
  if (argv.length === 0)
    throw new ProctorError(
      'bad-flag',
      `--mcp: the image ${image} starts nothing by itself; give the command`,
    );
  const inside = cwd === undefined || cwd === '/' ? argv : ['sh', '-c', 'cd "$0" && exec "$@"', cwd, ...argv];
  const server: ToolServer = { name: serverName(image), placement: 'sandbox', command: inside, env, ...http };
  const folders = foldersIn(Object.values(env));
  return { environment: { name, description, image: imageLine(image), server, folders }, files: [] };
}

function notInstallable(server: readonly string[]): ProctorError {
  return new ProctorError(
    'bad-flag',
    `--mcp: expected a URL or npx -y PACKAGE …, got "${server.join(' ')}"; any other command needs --image, an image that has it`,
  );
}

/** Folders among a server's arguments and variables, for what it works on; of a file the folder it is in. */
function foldersIn(values: readonly string[]): string[] {
  const paths = values.flatMap(
    (value) => /^(?:--?[\w-]+=)?(?:(?:sqlite|file):\/\/\/?)?(\/[\w./-]+)$/.exec(value)?.[1] ?? [],
  );
  const folders = paths.map((path) => (extname(path) === '' ? path : dirname(path)));
  return folders.length === 0 ? [workdir] : [...new Set(folders)];
}

function serverName(named: string): string {
  const name = basename(named)
    .toLowerCase()
    .replace(/[.:@].*$/, '')
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^(mcp-)?server-|(-mcp)?-server$|^[_-]+/g, '');
  return name || 'server';
}

function requireTools(tools: readonly ListedTool[], only: readonly string[] | undefined): void {
  const names = tools.map(({ name }) => name);
  if (names.length === 0) throw new ProctorError('bad-flag', '--mcp: the server lists no tools');
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, names);
    throw new ProctorError('bad-flag', `--only: the server has no tool "${unknown}"${hint}`);
  }
}
