import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import type { SandboxCapability, SandboxSpec } from '../sandbox/sandbox.ts';
import { displayPath, expandVariables } from '../schema/author-file.ts';
import type { EnvironmentConfig } from '../schema/environment.ts';
import type { HarborEnvironment } from '../schema/harbor-task.ts';
import { isJsonObject, type Json } from '../schema/json.ts';
import { megabytes, networkMode } from '../task/harbor/field-value.ts';
import type { Phase, Task } from '../task/task.ts';
import type { Environment } from './environment.ts';

/** What to open for one trial of a task; undefined where the environment needs no sandbox. */
export function sandboxSpec(
  task: Task,
  environment: Environment,
  labels: SandboxSpec['labels'],
): SandboxSpec | undefined {
  const image = task.image ?? environment.image;
  if (!image) return undefined;
  const { config } = environment;
  const requested = task.harbor.environment;
  const workdir = requested.workdir ?? config.workdir;
  const user = task.harbor.agent.user ?? config.user;
  return {
    image,
    ...agentIsolation(task, environment),
    workdir,
    labels,
    env: {
      ...config.env,
      ...expandVariables(requested.env, `${displayPath(task.dir)}/task.toml: environment.env`),
    },
    files: task.files.map((file) => ({ ...file, path: posix.join(workdir, file.path) })),
    limits: limitsOf(requested, config),
    ...(user !== undefined && { user: String(user) }),
    ...(task.services && { services: task.services }),
  };
}

/** What the verifier of a phase runs in, where that is not the agent’s own sandbox. */
export function verifierSpec(task: Task, phase: Phase, agent: SandboxSpec): SandboxSpec {
  const { verifierEnvironment, verifier } = phase;
  if (!verifierEnvironment) {
    const shared = phase.verify.by !== 'script' || phase.verify.where === 'live';
    return shared ? agent : { ...agent, ...isolation(task, verifier, task.harbor.environment) };
  }
  const { image, environment } = verifierEnvironment;
  const { memoryMb: memory_mb, cpus, pids } = agent.limits;
  const { user: _, services: __, ...rest } = agent;
  return {
    ...rest,
    image,
    ...isolation(task, verifier, environment),
    workdir: environment.workdir ?? agent.workdir,
    env: expandVariables(environment.env, `${displayPath(task.dir)}/task.toml: verifier.environment.env`),
    files: [],
    limits: limitsOf(environment, { memory_mb, cpus, pids }),
  };
}

type NetworkRequest = Pick<EnvironmentConfig, 'network' | 'allowed_hosts'>;

/** How the agent of a task is shut in: by what proctor.toml says, else task.toml, else the environment. */
function agentIsolation(task: Task, { config }: Environment) {
  return isolation(task, task.harbor.agent, task.harbor.environment, [task.additions, config]);
}

/**
 * The network that task.toml asks for counts after the first request and before the last. The format's own default, public, is given to a
 * compatible task alone, and only where nobody asks for anything else; a hardened sandbox has none.
 */
function isolation(
  { additions }: Task,
  own: Parameters<typeof networkMode>[0],
  requested: HarborEnvironment,
  [first, last]: [NetworkRequest, NetworkRequest] = [{}, {}],
): Pick<SandboxSpec, 'profile' | 'network' | 'allowedHosts'> {
  const profile = additions.isolation;
  const harbor: NetworkRequest = {
    network: harborModes[networkMode(own, requested)],
    allowed_hosts: own.allowed_hosts ?? requested.allowed_hosts ?? undefined,
  };
  const asked = [first, harbor, last].find(({ network }) => network !== undefined);
  const network = asked?.network ?? (profile === 'compatible' ? 'public' : 'none');
  return { profile, network, ...(network === 'allowlist' && { allowedHosts: asked?.allowed_hosts ?? [] }) };
}

const harborModes = { 'no-network': 'none', allowlist: 'allowlist', public: undefined } as const;

/** The engine would refuse more processors than the machine has. */
function limitsOf(
  requested: HarborEnvironment,
  usual: { memory_mb: number; cpus: number; pids: number },
): SandboxSpec['limits'] {
  const storageMb = requested.storage_mb ?? megabytes(requested.storage);
  return {
    memoryMb: requested.memory_mb ?? megabytes(requested.memory) ?? usual.memory_mb,
    cpus: Math.min(requested.cpus ?? usual.cpus, availableParallelism()),
    pids: usual.pids,
    ...(storageMb !== undefined && { storageMb }),
  };
}

/**
 * What a sandbox must be capable of for this task. Beside what the author declares, a server in the sandbox needs `spawn`, a compose file `services`, and
 * an image that only the task or this environment has needs `image`.
 */
export function needsOf(task: Task, environment: Environment): SandboxCapability[] {
  const { config } = environment;
  const needs = new Set<SandboxCapability>([...config.needs, ...task.additions.needs]);
  if (
    config.servers.some(
      (server) => server.placement === 'sandbox' || (server.placement === 'remote' && server.inside),
    )
  )
    needs.add('spawn');
  const { network } = agentIsolation(task, environment);
  if ((task.image ?? environment.image) && (network === 'sink' || network === 'allowlist'))
    needs.add('network');
  if (task.services) needs.add('services');
  if (task.image || config.docker_image !== undefined || config.image === '.') needs.add('image');
  return [...needs].sort();
}

/** The environment's seed data with the task's merged over it: objects by key, everything else replaced. */
export function seedData(environment: Environment, task: Task): Json {
  return task.seed === undefined ? (environment.seed ?? {}) : merge(environment.seed, task.seed);
}

function merge(base: Json | undefined, over: Json): Json {
  if (!isJsonObject(base) || !isJsonObject(over)) return over;
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = merge(base[key], value);
  return merged;
}
