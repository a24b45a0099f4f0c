import { availableParallelism } from 'node:os';
import { honoured, refused, type Section, warned } from './field.ts';
import { megabytes } from './field-value.ts';

const expectedSize = (value: unknown) =>
  typeof value === 'string' && megabytes(value) === undefined
    ? `expected a size such as "2G", got "${value}"`
    : undefined;

export const healthcheckFields: Section = {
  command: honoured(
    'run in the sandbox as root before the agent starts; where it never succeeds, infrastructure error',
  ),
  interval_sec: honoured('time between two attempts'),
  timeout_sec: honoured('time of one attempt'),
  start_period_sec: honoured('failures in it do not count'),
  start_interval_sec: honoured('time between two attempts in the start period'),
  retries: honoured('failures in a row that are too many'),
};

export const agentFields: Section = {
  timeout_sec: honoured('wall time of the agent; `--max-seconds` overrides it'),
  user: honoured('who the agent’s commands run as; else the image’s user'),
  network_mode: honoured('overrides the environment’s'),
  allowed_hosts: honoured('overrides the environment’s'),
};

export const artifactFields: Section = {
  source: honoured('a file or folder that is kept when the agent has finished'),
  destination: honoured('what it is called in the trace'),
  exclude: honoured('globs below it that are left out'),
  service: honoured('the service of the compose file that it is in; `main` when absent'),
};

export const collectFields: Section = {
  command: honoured('run in the agent’s sandbox while what it left running lives, before artifacts are kept'),
  service: honoured('the service of the compose file that it is run in; `main` when absent'),
  timeout_sec: honoured('time of the command'),
  user: honoured('who it runs as; root when absent'),
};

export const mcpServerFields: Section = {
  name: honoured('name of the tool server'),
  transport: honoured('stdio starts in the sandbox; sse and streamable-http are connected to'),
  url: honoured(
    'address of an sse or streamable-http server; localhost is that of the sandbox, services are reached from there, others from Proctor’s machine',
  ),
  command: honoured('program of a stdio server'),
  args: honoured('its arguments'),
  headers: honoured(
    'of every request to an sse or streamable-http server; a `$` with `{VAR}` is taken from Proctor’s own environment',
  ),
};

/** `[environment]`, as the agent’s sandbox is made from it. */
export const environmentFields: Section = {
  network_mode: honoured('`public` where unset'),
  allowed_hosts: honoured('hosts of `allowlist`'),
  build_timeout_sec: honoured('time for building the image'),
  docker_image: honoured(
    'used where it can be had, else the Dockerfile beside it is built; see `--image-map`',
  ),
  os: refused('sandboxes are Linux', (value) =>
    value === 'linux' ? undefined : `expected "linux", got "${value}"`,
  ),
  workdir: honoured('where commands start; else the image’s'),
  cpus: honoured('limit of the container', (value) =>
    typeof value === 'number' && value > availableParallelism()
      ? `this machine has ${availableParallelism()}, so the sandbox gets no more`
      : undefined,
  ),
  memory_mb: honoured('limit of the container'),
  storage_mb: honoured('looked at once a second; past it the sandbox counts as broken by the agent'),
  gpus: warned('the sandbox has no GPU', (value) => (value === 0 ? undefined : 'the sandbox has no GPU')),
  gpu_types: warned('the sandbox has no GPU'),
  'tpu.type': warned('the sandbox has no TPU'),
  'tpu.topology': warned('the sandbox has no TPU'),
  env: honoured(
    'variables in the sandbox; a `$` with `{VAR}` or `{VAR:-default}` is taken from Proctor’s own environment',
  ),
  skills_dir: warned('stays in the image; no agent is told of it'),
  allow_internet: honoured('false is `no-network`'),
  memory: honoured('`"2G"`: the older memory_mb', expectedSize),
  storage: honoured('`"10G"`: the older storage_mb', expectedSize),
};

export const verifierFields: Section = {
  timeout_sec: honoured(
    'time of tests/test.sh, which its first line runs; past it they run once more with thrice the time',
  ),
  env: honoured('variables of tests/test.sh'),
  user: honoured('who tests/test.sh runs as; root when absent'),
  network_mode: honoured('of a separate verifier'),
  allowed_hosts: honoured('of a separate verifier'),
  environment_mode: honoured(
    '`shared`: in the agent’s sandbox, beside what it left running; `separate`: in a fresh one that is given the artifacts',
  ),
};

export const taskFields: Section = {
  name: honoured('says what it is; the folder names the task here'),
  version: honoured('says what it is'),
  description: honoured('says what it is'),
  'authors[].name': honoured('says who wrote it'),
  'authors[].email': honoured('says who wrote it'),
  keywords: honoured('tags, beside those of the metadata'),
};
