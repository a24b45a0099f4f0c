import { z } from 'zod';

/** A word in the format's spelling, whatever its case; `others` are other spellings of it. */
const spelt = <T extends z.ZodType>(type: T, others: Record<string, string> = {}) =>
  z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    const word = value.toLowerCase();
    return others[word] ?? word;
  }, type);

const networkMode = spelt(z.enum(['public', 'no-network', 'allowlist']));
const stringMap = z.record(z.string(), z.string());
const nullable = <T extends z.ZodType>(type: T) => type.nullish();

const healthcheck = z.strictObject({
  command: z.string(),
  interval_sec: z.number().default(5),
  timeout_sec: z.number().default(30),
  start_period_sec: z.number().default(0),
  start_interval_sec: z.number().default(5),
  retries: z.int().default(3),
});

const mcpServer = z.strictObject({
  name: z.string(),
  transport: spelt(z.enum(['stdio', 'sse', 'streamable-http']), {
    http: 'streamable-http',
    streamable_http: 'streamable-http',
  }).default('sse'),
  url: nullable(z.string()),
  command: nullable(z.string()),
  args: z.array(z.string()).default([]),
  headers: nullable(stringMap),
});

const agentSection = z.strictObject({
  timeout_sec: nullable(z.number().positive()),
  user: nullable(z.union([z.string(), z.int()])),
  network_mode: nullable(networkMode),
  allowed_hosts: nullable(z.array(z.string())),
});

/** A path that is kept of what the agent left, or how to keep it. */
const artifact = z.union([
  z.string(),
  z.strictObject({
    source: z.string(),
    destination: nullable(z.string()),
    exclude: z.array(z.string()).default([]),
    service: nullable(z.string()),
  }),
]);
export type HarborArtifact = z.infer<typeof artifact>;

const collectHook = z.strictObject({
  command: z.string(),
  service: z.string().default('main'),
  timeout_sec: z.number().default(60),
  user: nullable(z.union([z.string(), z.int()])),
});

const environmentFields = {
  network_mode: nullable(networkMode),
  allowed_hosts: nullable(z.array(z.string())),
  build_timeout_sec: z.number().default(600),
  docker_image: nullable(z.string()),
  os: spelt(z.string()).default('linux'),
  workdir: nullable(z.string()),
  cpus: nullable(z.number()),
  memory_mb: nullable(z.number()),
  storage_mb: nullable(z.number()),
  gpus: nullable(z.int()),
  gpu_types: nullable(z.array(z.string())),
  tpu: nullable(z.strictObject({ type: nullable(z.string()), topology: nullable(z.string()) })),
  env: stringMap.default({}),
  skills_dir: nullable(z.string()),
  mcp_servers: z.array(mcpServer).default([]),
  healthcheck: nullable(healthcheck),
  allow_internet: nullable(z.boolean()),
  memory: nullable(z.string()),
  storage: nullable(z.string()),
};

const environmentSection = z.strictObject(environmentFields);

const verifierSection = z.strictObject({
  timeout_sec: z.number().default(600),
  env: stringMap.default({}),
  user: nullable(z.union([z.string(), z.int()])),
  network_mode: nullable(networkMode),
  allowed_hosts: nullable(z.array(z.string())),
  environment_mode: nullable(spelt(z.enum(['shared', 'separate']))),
  environment: nullable(environmentSection),
  collect: z.array(collectHook).default([]),
});

const label = z.union([z.string(), z.number().transform(String)]);

/** Free in the format, so nothing in it refuses a task: what can't be shown is left out, and one tag is a list of one. */
const metadata = z.looseObject({
  difficulty: label.optional().catch(undefined),
  category: label.optional().catch(undefined),
  tags: z.union([z.array(label), label.transform((one) => [one])]).catch([]),
});

/** `task.toml`: the Harbor task format, schema 1.4 (Apache-2.0, github.com/laude-institute/harbor). Times are seconds. */
export const harborTask = z.strictObject({
  schema_version: z.string().default('1.4'),
  version: z.string().optional(),
  source: nullable(z.string()),
  multi_step_reward_strategy: nullable(z.enum(['mean', 'final'])),
  artifacts: z.array(artifact).default([]),
  metadata: metadata.default({ tags: [] }),
  task: nullable(
    z.strictObject({
      name: z.string(),
      version: nullable(z.string()),
      description: z.string().default(''),
      authors: z.array(z.strictObject({ name: z.string(), email: nullable(z.string()) })).default([]),
      keywords: z.array(z.string()).default([]),
    }),
  ),
  agent: agentSection.default({}),
  verifier: verifierSection.default({ timeout_sec: 600, env: {}, collect: [] }),
  solution: z.strictObject({ env: stringMap.default({}) }).default({ env: {} }),
  environment: environmentSection.prefault({}),
  steps: nullable(
    z.array(
      z.strictObject({
        name: z.string(),
        agent: agentSection.default({}),
        verifier: verifierSection.prefault({}),
        min_reward: nullable(z.union([z.number(), z.record(z.string(), z.number())])),
        healthcheck: nullable(healthcheck),
        artifacts: z.array(artifact).default([]),
      }),
    ),
  ),
});
export type HarborTask = z.infer<typeof harborTask>;
export type HarborEnvironment = HarborTask['environment'];
export type HarborVerifier = HarborTask['verifier'];
export type HarborHealthcheck = z.infer<typeof healthcheck>;
