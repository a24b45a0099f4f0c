import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const cache = join(tmpdir(), 'proctor-peers');
const composeVersion = '2.40.3';
const compose = 'github.com/docker/compose/v2';
/** Harbor asks for 3.12. */
const oldestPython = [3, 12] as const;

/** The peers, where they can be had on this machine. */
export interface Workshop {
  /** For their programs: `PATH` and what keeps them from the network. */
  env: NodeJS.ProcessEnv;
  /** Names and exact versions, for the reader. */
  versions: string[];
  /** What could not be had, each with the reason. */
  missing: { python?: string; compose?: string };
}

/** Installs Inspect AI and Harbor in a virtual environment of their own, and docker compose where the client lacks it. */
export async function setUpPeers(note: (line: string) => void): Promise<Workshop> {
  mkdirSync(cache, { recursive: true });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PYTHONPATH: here,
    HARBOR_TELEMETRY: '0',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  };
  const versions: string[] = [];
  const missing: Workshop['missing'] = {};
  try {
    const bin = await virtualEnvironment(note);
    env.PATH = `${bin}${delimiter}${process.env.PATH}`;
    const { stdout } = await run(join(bin, 'python'), ['--version']);
    const pinned = readFileSync(join(here, 'requirements.txt'), 'utf8').trim().split('\n');
    versions.push(stdout.trim(), ...pinned.map((line) => line.replace('==', ' ')));
  } catch (error) {
    missing.python = said(error);
  }
  try {
    Object.assign(env, await dockerCompose(note));
    const { stdout } = await run('docker', ['compose', 'version', '--short'], { env });
    versions.push(`docker compose ${stdout.trim()}`);
  } catch (error) {
    missing.compose = said(error);
  }
  return { env, versions, missing };
}

/** The folder of programs of the environment, made where it is not there yet. */
async function virtualEnvironment(note: (line: string) => void): Promise<string> {
  const requirements = join(here, 'requirements.txt');
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const venv = join(cache, `venv-${digest}`);
  const bin = join(venv, 'bin');
  if (existsSync(join(bin, 'harbor')) && existsSync(join(bin, 'inspect'))) return bin;
  note(`installs ${readFileSync(requirements, 'utf8').trim().split('\n').join(', ')} into ${venv}`);
  await run(await python(), ['-m', 'venv', '--clear', venv]);
  await run(join(bin, 'pip'), ['install', '--quiet', '--requirement', requirements]);
  return bin;
}

async function python(): Promise<string> {
  const pyenv = (minor: number) => `${process.env.HOME}/.pyenv/versions/3.${minor}.0/bin/python`;
  const named = ['python3', ...[14, 13, 12].flatMap((minor) => [`python3.${minor}`, pyenv(minor)])];
  const test = `import sys, venv; sys.exit(sys.version_info < (${oldestPython.join(', ')}))`;
  for (const name of named) if (await succeeds(name, ['-c', test])) return name;
  throw new Error(`no Python ${oldestPython.join('.')} or newer among ${named.join(', ')}`);
}

/** What makes `docker compose` work: nothing where it does, else a folder with the plugin, built from its Go module. */
async function dockerCompose(note: (line: string) => void): Promise<NodeJS.ProcessEnv> {
  if (await succeeds('docker', ['compose', 'version'])) return {};
  const config = join(cache, 'docker');
  const plugins = join(config, 'cli-plugins');
  const plugin = join(plugins, 'docker-compose');
  if (existsSync(plugin)) return { DOCKER_CONFIG: config };
  if (!(await succeeds('go', ['version']))) {
    throw new Error('the docker client has no compose plugin, and there is no go to build it with');
  }
  const source = join(cache, 'compose');
  mkdirSync(source, { recursive: true });
  mkdirSync(plugins, { recursive: true });
  note(`builds docker compose ${composeVersion} from its Go module; some minutes`);
  const go = (...args: string[]) => run('go', args, { cwd: source, maxBuffer: 1 << 26 });
  if (!existsSync(join(source, 'go.mod'))) await go('mod', 'init', 'bench');
  await go('get', `${compose}/cmd@v${composeVersion}`);
  const flags = `-s -w -X ${compose}/internal.Version=${composeVersion}`;
  await go('build', '-ldflags', flags, '-o', plugin, `${compose}/cmd`);
  return { DOCKER_CONFIG: config };
}

const succeeds = (file: string, args: string[]) =>
  run(file, args).then(
    () => true,
    () => false,
  );

const said = (error: unknown) => String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
