import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const text = z.union([z.string(), z.number()]).transform(String);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);
const listOrMap = z.union([
  z.array(z.union([z.string(), z.number()]).transform(String)),
  z.record(z.string(), scalar),
]);
const stringOrList = z.union([z.string().transform((one) => [one]), z.array(text)]);
const size = z.union([z.string(), z.number()]);
/** A text is split into words, as a shell would. */
const argv = z.union([z.string(), z.array(text)]).nullish();

const build = z.union([
  z.string().transform((context): Build => ({ context })),
  z.looseObject({
    context: z.string().optional(),
    dockerfile: z.string().optional(),
    args: listOrMap.nullish(),
    target: z.string().optional(),
  }),
]);

interface Build {
  context?: string | undefined;
  dockerfile?: string | undefined;
  args?: z.infer<typeof listOrMap> | null | undefined;
  target?: string | undefined;
}

const dependency = z.looseObject({
  condition: z
    .enum(['service_started', 'service_healthy', 'service_completed_successfully'])
    .default('service_started'),
  required: flag.default(true),
});

const healthcheck = z.looseObject({
  test: z.union([z.string(), z.array(text)]).optional(),
  interval: z.string().optional(),
  timeout: z.string().optional(),
  retries: z.coerce.number().optional(),
  start_period: z.string().optional(),
  start_interval: z.string().optional(),
  disable: flag.optional(),
});
export type ComposeHealthcheck = z.infer<typeof healthcheck>;

const mount = z.union([
  z.string(),
  z.looseObject({
    type: z.string(),
    source: z.string().optional(),
    target: z.string(),
    read_only: flag.optional(),
    volume: z.looseObject({ nocopy: flag.optional() }).nullish(),
    tmpfs: z.looseObject({ size: size.optional(), mode: z.coerce.number().optional() }).nullish(),
  }),
]);
export type ComposeMount = z.infer<typeof mount>;

const configGrant = z.union([
  z.string().transform((source): ConfigGrant => ({ source })),
  z.looseObject({ source: z.string(), target: z.string().optional(), mode: z.coerce.number().optional() }),
]);

interface ConfigGrant {
  source: string;
  target?: string | undefined;
  mode?: number | undefined;
}

const membership = z
  .looseObject({ aliases: z.array(z.string()).nullish() })
  .nullable()
  .transform((one) => one ?? { aliases: [] });

const service = z.looseObject({
  build: build.optional(),
  cap_add: z.array(z.string()).nullish(),
  cap_drop: z.array(z.string()).nullish(),
  command: argv,
  configs: z.array(configGrant).nullish(),
  cpus: z.coerce.number().optional(),
  depends_on: z
    .union([
      z.array(z.string()).transform((names) => Object.fromEntries(names.map((name) => [name, null]))),
      z.record(z.string(), z.unknown()),
    ])
    .pipe(
      z.record(
        z.string(),
        z.preprocess((one) => one ?? {}, dependency),
      ),
    )
    .nullish(),
  deploy: z
    .looseObject({
      resources: z
        .looseObject({
          limits: z
            .looseObject({
              cpus: z.coerce.number().optional(),
              memory: size.optional(),
              pids: z.coerce.number().optional(),
            })
            .nullish(),
        })
        .nullish(),
      restart_policy: z
        .looseObject({ condition: z.string().optional(), max_attempts: z.coerce.number().optional() })
        .nullish(),
    })
    .nullish(),
  domainname: z.string().optional(),
  entrypoint: argv,
  env_file: z
    .union([
      z.string().transform((path) => [path]),
      z.array(z.union([z.string(), z.looseObject({ path: z.string(), required: flag.default(true) })])),
    ])
    .nullish(),
  environment: listOrMap.nullish(),
  extra_hosts: z.union([z.array(z.string()), z.record(z.string(), stringOrList)]).nullish(),
  group_add: z.array(text).nullish(),
  healthcheck: healthcheck.nullish(),
  hostname: z.string().optional(),
  image: z.string().optional(),
  init: flag.optional(),
  labels: listOrMap.nullish(),
  links: z.array(z.string()).nullish(),
  mem_limit: size.optional(),
  network_mode: z.string().optional(),
  networks: z
    .union([
      z.array(z.string()).transform((names) => Object.fromEntries(names.map((name) => [name, null]))),
      z.record(z.string(), z.unknown()),
    ])
    .pipe(z.record(z.string(), membership))
    .nullish(),
  pids_limit: z.coerce.number().optional(),
  profiles: z.array(z.string()).nullish(),
  read_only: flag.optional(),
  restart: z.union([z.string(), z.literal(false).transform(() => 'no')]).optional(),
  shm_size: size.optional(),
  stdin_open: flag.optional(),
  stop_signal: z.string().optional(),
  sysctls: listOrMap.nullish(),
  tmpfs: stringOrList.nullish(),
  tty: flag.optional(),
  ulimits: z
    .record(
      z.string(),
      z.union([z.coerce.number(), z.looseObject({ soft: z.coerce.number(), hard: z.coerce.number() })]),
    )
    .nullish(),
  user: text.optional(),
  volumes: z.array(mount).nullish(),
  working_dir: z.string().optional(),
});
export type ComposeService = z.infer<typeof service>;

/**
 * What is read of a compose file (the Compose Specification, Apache-2.0, github.com/compose-spec/compose-spec), its variables filled in.
 * Other fields are looked at by the table of fields alone.
 */
export const composeFile = z.looseObject({
  services: z
    .record(
      z.string(),
      z.preprocess((one) => one ?? {}, service),
    )
    .nullish(),
  networks: z
    .record(
      z.string(),
      z.preprocess((one) => one ?? {}, z.looseObject({ internal: flag.optional() })),
    )
    .nullish(),
  volumes: z.record(z.string(), z.unknown()).nullish(),
  configs: z
    .record(
      z.string(),
      z.looseObject({
        file: z.string().optional(),
        content: z.string().optional(),
        environment: z.string().optional(),
      }),
    )
    .nullish(),
});
export type ComposeFile = z.infer<typeof composeFile>;
