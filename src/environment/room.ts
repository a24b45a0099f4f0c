import { posix } from 'node:path';
import type { IsolationProfile, SandboxCapability, SandboxSpec } from '../sandbox/sandbox.ts';
import type { Json } from '../schema/json.ts';
import type { Task } from '../task/task.ts';
import type { Environment } from './environment.ts';

/** What to open for one trial of a task; undefined where the environment needs no sandbox. */
export function sandboxSpec(
  task: Task,
  environment: Environment,
  options: { labels: SandboxSpec['labels']; network: SandboxSpec['network']; profile: IsolationProfile },
): SandboxSpec | undefined {
  const image = task.image ?? environment.image;
  if (!image) return undefined;
  const { config } = environment;
  const wishes = task.harbor.environment;
  const workdir = wishes.workdir ?? config.workdir;
  const user = task.harbor.agent.user ?? config.user;
  return {
    image,
    profile: options.profile,
    workdir,
    network: options.network,
    labels: options.labels,
    env: { ...config.env, ...wishes.env },
    files: task.files.map((file) => ({ ...file, path: posix.join(workdir, file.path) })),
    limits: {
      memoryMb: wishes.memory_mb ?? megabytes(wishes.memory) ?? config.memory_mb,
      cpus: wishes.cpus ?? config.cpus,
      pids: config.pids,
      ...storage(wishes.storage_mb ?? megabytes(wishes.storage)),
    },
    ...(user === undefined || user === null ? {} : { user: String(user) }),
  };
}

/**
 * What a sandbox must be capable of for this task. Beside what the author declares, a server in the sandbox needs `spawn`, and
 * an image that only the task or this environment has needs `image`.
 */
export function needsOf(task: Task, environment: Environment): SandboxCapability[] {
  const { config } = environment;
  const needs = new Set<SandboxCapability>([...config.needs, ...task.additions.needs]);
  if (config.servers.some((server) => server.placement === 'sandbox')) needs.add('spawn');
  if (task.image || config.docker_image !== undefined || config.image === '.') needs.add('image');
  return [...needs].sort();
}

/** The environment's seed data with the task's merged over it: objects by key, everything else replaced. */
export function seedData(environment: Environment, task: Task): Json {
  if (task.seed === undefined) return environment.seed ?? {};
  return environment.seed === undefined ? task.seed : merge(environment.seed, task.seed);
}

function merge(base: Json, over: Json): Json {
  if (!isObject(base) || !isObject(over)) return over;
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = base[key];
    merged[key] = below === undefined ? value : merge(below, value);
  }
  return merged;
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function storage(mb: number | undefined): { storageMb?: number } {
  return mb === undefined ? {} : { storageMb: mb };
}

// The format's older form of a size: "2G", "512M".
function megabytes(size: string | null | undefined): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT])i?B?$/i.exec(size ?? '') ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const factor = { K: 1 / 1024, M: 1, G: 1024, T: 1024 * 1024 }[unit.toUpperCase()] ?? 1;
  return Math.ceil(Number(amount) * factor);
}
