import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { environmentOf } from '../../../src/environment/environment-of-task.ts';
import { sandboxSpec, verifierSpec } from '../../../src/environment/sandbox-spec.ts';
import { loadTask } from '../../../src/task/load.ts';
import { folderOf } from '../../folder.ts';

type Proof = () => boolean;

const fixtures = fileURLToPath(new URL('../../harbor/field/', import.meta.url));

/** A task of test/harbor/field says this field; it is run on the engine, where `oracle` gets 1 and `nop` 0. */
const played =
  (task: string, ...keys: string[]): Proof =>
  () => {
    let value: unknown = parse(readFileSync(`${fixtures}${task}/task.toml`, 'utf8'));
    for (const key of keys) value = (value as Record<string, unknown> | undefined)?.[key];
    return value !== undefined;
  };

function loaded(toml: string, files: Record<string, string> = {}) {
  return loadTask(
    folderOf({
      ...{ 'instruction.md': 'Do it.', 'tests/test.sh': 'true', 'steps/one/instruction.md': 'One.' },
      ...files,
      'task.toml': toml,
    }),
  );
}

function specOf(toml: string) {
  const task = loaded(toml);
  return sandboxSpec(task, environmentOf(task), { run: 'r', trial: 't' });
}

/** The spec of a separate verifier's sandbox. */
function verifierOf(fields: string) {
  const task = loaded(`[environment]\ndocker_image = "a"\n[verifier.environment]\n${fields}`);
  const work = sandboxSpec(task, environmentOf(task), { run: 'r', trial: 't' });
  return work && verifierSpec(task, task.phases[0], work);
}

const serverOf = (fields: string, files: Record<string, string> = {}) =>
  environmentOf(
    loaded(`[environment]\ndocker_image = "a"\n[[environment.mcp_servers]]\nname = "S"\n${fields}`, files),
  ).config.servers[0];

const besideWeb = { 'environment/docker-compose.yaml': 'services: { web: { image: w } }' };

const image = '[environment]\ndocker_image = "a"\n';
const stdio = () => serverOf('transport = "stdio"\ncommand = "serve"\nargs = ["-x"]');

/** Fields that only say what a task is: they are read, and change nothing. */
const informative =
  (fields: string): Proof =>
  () =>
    specOf(`${fields}\n${image}`)?.image.kind === 'reference';

const healthcheck = (...keys: string[]): Record<string, Proof> =>
  Object.fromEntries(
    ['command', 'interval_sec', 'timeout_sec', 'start_period_sec', 'start_interval_sec', 'retries'].map(
      (name) => [
        name,
        keys[0] === 'steps'
          ? played('phases', 'steps', '1', 'healthcheck', name)
          : played('shared', 'environment', 'healthcheck', 'command'),
      ],
    ),
  );

/** Whether a sandbox is let out to the one host that was named, and to no other. */
const letOut = (spec: { network: string; allowedHosts?: readonly string[] } | undefined): boolean =>
  spec?.network === 'allowlist' && JSON.stringify(spec.allowedHosts) === '["a.example"]';
const oneHost = 'network_mode = "allowlist"\nallowed_hosts = ["a.example"]';

const environment: Record<string, Proof> = {
  network_mode: () =>
    specOf(`${image}network_mode = "no-network"`)?.network === 'none' && specOf(image)?.network === 'public',
  allowed_hosts: () => letOut(specOf(`${image}${oneHost}`)),
  build_timeout_sec: () => {
    const { image: built } = loaded('[environment]\nbuild_timeout_sec = 7', {
      'environment/Dockerfile': 'FROM a',
    });
    return built?.kind === 'build' && built.timeoutSec === 7;
  },
  docker_image: played('shared', 'environment', 'docker_image'),
  workdir: played('shared', 'environment', 'workdir'),
  cpus: () =>
    specOf(`${image}cpus = 0.5`)?.limits.cpus === 0.5 &&
    (specOf(`${image}cpus = 4096`)?.limits.cpus ?? 0) < 4096,
  memory_mb: () => specOf(`${image}memory_mb = 77`)?.limits.memoryMb === 77,
  storage_mb: () => specOf(`${image}storage_mb = 77`)?.limits.storageMb === 77,
  env: played('shared', 'environment', 'env', 'GREETING'),
  allow_internet: () => specOf(`${image}allow_internet = false`)?.network === 'none',
  memory: () => specOf(`${image}memory = "2G"`)?.limits.memoryMb === 2048,
  storage: () => specOf(`${image}storage = "1G"`)?.limits.storageMb === 1024,
};

const verifierEnvironment: Record<string, Proof> = {
  network_mode: () =>
    verifierOf('docker_image = "v"\nnetwork_mode = "no-network"')?.network === 'none' &&
    verifierOf('docker_image = "v"')?.network === 'public',
  allowed_hosts: () => letOut(verifierOf(`docker_image = "v"\n${oneHost}`)),
  build_timeout_sec: () => {
    const task = loaded(`${image}[verifier.environment]\nbuild_timeout_sec = 7`, {
      'tests/Dockerfile': 'FROM a',
    });
    const built = task.phases[0].verifierEnvironment?.image;
    return built?.kind === 'build' && built.timeoutSec === 7;
  },
  docker_image: () =>
    JSON.stringify(verifierOf('docker_image = "v"')?.image) === '{"kind":"reference","reference":"v"}',
  workdir: () => verifierOf('docker_image = "v"\nworkdir = "/v"')?.workdir === '/v',
  cpus: () => verifierOf('docker_image = "v"\ncpus = 0.5')?.limits.cpus === 0.5,
  memory_mb: () => verifierOf('docker_image = "v"\nmemory_mb = 77')?.limits.memoryMb === 77,
  storage_mb: () => verifierOf('docker_image = "v"\nstorage_mb = 77')?.limits.storageMb === 77,
  env: played('own-verifier', 'verifier', 'environment', 'env'),
  allow_internet: () => verifierOf('docker_image = "v"\nallow_internet = false')?.network === 'none',
  memory: () => verifierOf('docker_image = "v"\nmemory = "2G"')?.limits.memoryMb === 2048,
  storage: () => verifierOf('docker_image = "v"\nstorage = "1G"')?.limits.storageMb === 1024,
  'mcp_servers[].transport': () => true,
  'mcp_servers[].url': () => true,
  'mcp_servers[].command': () => true,
  'mcp_servers[].args': () => true,
  'mcp_servers[].headers': () => true,
  ...under(
    'healthcheck.',
    Object.fromEntries(
      Object.keys(healthcheck()).map((name) => [
        name,
        played('own-verifier', 'verifier', 'environment', 'healthcheck', 'command'),
      ]),
    ),
  ),
};

const verifier: Record<string, Proof> = {
  timeout_sec: () => loaded(`[verifier]\ntimeout_sec = 7\n${image}`).phases[0].verifier.timeout_sec === 7,
  env: played('separate', 'verifier', 'env'),
  user: played('separate', 'verifier', 'user'),
  network_mode: () => {
    const task = loaded(`[verifier]\nenvironment_mode = "separate"\nnetwork_mode = "no-network"\n${image}`);
    const work = sandboxSpec(task, environmentOf(task), { run: 'r', trial: 't' });
    return work?.network === 'public' && verifierSpec(task, task.phases[0], work).network === 'none';
  },
  allowed_hosts: () => {
    const task = loaded(`[verifier]\nenvironment_mode = "separate"\n${oneHost}\n${image}`);
    const work = sandboxSpec(task, environmentOf(task), { run: 'r', trial: 't' });
    return work?.network === 'public' && letOut(verifierSpec(task, task.phases[0], work));
  },
  environment_mode: played('separate', 'verifier', 'environment_mode'),
  ...under('environment.', verifierEnvironment),
  'collect[].command': played('separate', 'verifier', 'collect', '0', 'command'),
  'collect[].timeout_sec': played('separate', 'verifier', 'collect', '0', 'timeout_sec'),
  'collect[].service': played('services', 'verifier', 'collect', '0', 'service'),
  'collect[].user': played('separate', 'verifier', 'collect', '0', 'user'),
};

const artifacts: Record<string, Proof> = {
  source: played('separate', 'artifacts', '1', 'source'),
  destination: played('separate', 'artifacts', '1', 'destination'),
  exclude: played('separate', 'artifacts', '2', 'exclude'),
  service: played('services', 'artifacts', '0', 'service'),
};

const proofs: Record<string, Proof> = {
  schema_version: played('phases', 'schema_version'),
  version: informative('version = "1.0"'),
  source: informative('source = "x"'),
  multi_step_reward_strategy: played('phases', 'multi_step_reward_strategy'),
  artifacts: played('separate', 'artifacts', '0'),
  ...under('artifacts[].', artifacts),
  'metadata.difficulty': () => loaded(`[metadata]\ndifficulty = "hard"\n${image}`).difficulty === 'hard',
  'metadata.category': informative('[metadata]\ncategory = "c"'),
  'metadata.tags': () => loaded(`[metadata]\ntags = ["a"]\n${image}`).tags.includes('a'),
  'task.name': played('phases', 'task', 'name'),
  'task.version': played('phases', 'task', 'version'),
  'task.description': played('phases', 'task', 'description'),
  'task.authors[].name': played('phases', 'task', 'authors', '0', 'name'),
  'task.authors[].email': played('phases', 'task', 'authors', '0', 'email'),
  'task.keywords': () => loaded(`[task]\nname = "a/b"\nkeywords = ["k"]\n${image}`).tags.includes('k'),
  'agent.timeout_sec': () => loaded(`[agent]\ntimeout_sec = 7\n${image}`).phases[0].agent.timeout_sec === 7,
  'agent.user': played('shared', 'agent', 'user'),
  'agent.network_mode': played('shared', 'agent', 'network_mode'),
  'agent.allowed_hosts': () => letOut(specOf(`[agent]\n${oneHost}\n${image}`)),
  ...under('verifier.', verifier),
  'solution.env': played('shared', 'solution', 'env'),
  ...under('environment.', environment),
  'environment.mcp_servers[].name': () => stdio()?.name === 's',
  'environment.mcp_servers[].transport': () => {
    const sse = serverOf('url = "http://a/sse"');
    const http = serverOf('transport = "streamable-http"\nurl = "http://a/mcp"');
    return (
      sse?.placement === 'remote' &&
      sse.transport === 'sse' &&
      http?.placement === 'remote' &&
      http.transport === 'streamable-http' &&
      stdio()?.placement === 'sandbox'
    );
  },
  'environment.mcp_servers[].url': () =>
    JSON.stringify(serverOf('url = "http://a/sse"')).includes('"url":"http://a/sse","headers":{}') &&
    ['localhost', 'web'].every((host) =>
      JSON.stringify(serverOf(`url = "http://${host}:9/mcp"`, besideWeb)).includes('"inside":true'),
    ),
  'environment.mcp_servers[].headers': () =>
    JSON.stringify(serverOf('url = "http://a/sse"\nheaders = { "X-Team" = "red" }')).includes(
      '"X-Team":"red"',
    ),
  'environment.mcp_servers[].command': () => JSON.stringify(stdio()).includes('["serve","-x"]'),
  'environment.mcp_servers[].args': () => JSON.stringify(stdio()).includes('["serve","-x"]'),
  ...under('environment.healthcheck.', healthcheck()),
  'steps[].name': played('phases', 'steps', '0', 'name'),
  'steps[].min_reward': played('phases', 'steps', '1', 'min_reward', 'reward'),
  'steps[].agent.timeout_sec': played('phases', 'steps', '0', 'agent', 'timeout_sec'),
  ...under('steps[].healthcheck.', healthcheck('steps')),
  'steps[].artifacts': played('phases', 'steps', '0', 'artifacts'),
};

/** What a step says of its verifier and artifacts is what the task would say of its own. */
const ofStep: Record<string, Proof> = {
  ...under('steps[].verifier.', verifier),
  ...under('steps[].artifacts[].', artifacts),
};

function under(prefix: string, section: Record<string, Proof>): Record<string, Proof> {
  return Object.fromEntries(Object.entries(section).map(([name, proof]) => [`${prefix}${name}`, proof]));
}

/** What proves that a field is honoured. Throws where nothing does. */
export function proofOf(path: string): Proof {
  const proof = proofs[path] ?? ofStep[path];
  if (!proof) throw new Error(`nothing proves that ${path} is honoured`);
  return proof;
}
