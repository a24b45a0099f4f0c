import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { harborTask } from '../../../src/schema/harbor-task.ts';
import { readCompose } from '../../../src/task/compose/read.ts';
import { folderOf } from '../../folder.ts';

const environment = (fields = {}) => harborTask.parse({ environment: fields }).environment;
const read = (yaml: string, files: Record<string, string> = {}) =>
  readCompose(folderOf({ ...files, 'compose.yaml': yaml }), environment(), false);
const group = (yaml: string, files: Record<string, string> = {}) => {
  const { services } = read(yaml, files);
  if (!services) throw new Error('no services');
  return services;
};

afterEach(() => vi.unstubAllEnvs());

describe('a compose file', () => {
  test('gives its services in an order in which what others wait for comes first', () => {
    const { services, main } = group(`services:
  main: { depends_on: [web] }
  web: { image: a, depends_on: { db: { condition: service_healthy }, seed: { condition: service_completed_successfully } } }
  seed: { image: a, links: ["db:store"] }
  db: { image: b, healthcheck: { test: [CMD, ping] } }
`);
    expect(services.map(({ name }) => name)).toEqual(['db', 'seed', 'web']);
    expect(services[2]?.dependsOn).toEqual([
      { service: 'db', until: 'healthy' },
      { service: 'seed', until: 'completed' },
    ]);
    expect(services[0]?.networks).toEqual([{ name: 'default', aliases: ['store'] }]);
    expect(main.dependsOn).toEqual([{ service: 'web', until: 'started' }]);
  });

  test('is refused where services wait for each other, or for what is not there', () => {
    const circle = 'services: { a: { image: x, depends_on: [b] }, b: { image: x, depends_on: [a] } }';
    expect(() => read(circle)).toThrow(/services: a, b wait for each other/);
    expect(() => read('services: { a: { image: x, depends_on: [c] } }')).toThrow(
      /services\.a\.depends_on: there is no service "c" that is started/,
    );
  });

  test('has its variables filled in: from Harbor, the environment, the file beside it, or a default', () => {
    vi.stubEnv('PROCTOR_TEST_TAG', '17');
    const { services } = group(
      `services:
  main: { image: "\${MAIN_IMAGE_NAME}" }
  db:
    image: "db:\${PROCTOR_TEST_TAG}"
    environment:
      - A=\${BESIDE}
      - B=\${NOT_SET:-\${PROCTOR_TEST_TAG}-x}
      - C=$$HOME
      - D=\${PROCTOR_TEST_TAG:+set}
      - E=\${COMPOSE_PROJECT_NAME}
      - PROCTOR_TEST_TAG
    mem_limit: \${MEMORY}
`,
      { '.env': 'BESIDE=it\nPROCTOR_TEST_TAG=18\n' },
    );
    expect(services[0]).toMatchObject({
      image: { kind: 'reference', reference: 'db:17' },
      env: { A: 'it', B: '17-x', C: '$HOME', D: 'set', E: 'trial', PROCTOR_TEST_TAG: '17' },
      limits: { memoryMb: 2048 },
    });
  });

  test('tells of a variable that is not set, and fails for one that has to be', () => {
    expect(read('services: { db: { image: "a${NOT_SET_1}" } }').leftOut).toEqual([
      expect.stringMatching(/compose\.yaml: the variable NOT_SET_1 is not set; it is taken as empty$/),
    ]);
    expect(() => read('services: { db: { image: "${NOT_SET_1:?say which}" } }')).toThrow(
      /compose\.yaml: the variable NOT_SET_1 is not set: say which$/,
    );
  });

  test('says of main what the sandbox is to be', () => {
    const { main, services } = read(
      `services:
  main:
    build: { context: app, args: { V: 1 } }
    user: "1000"
    working_dir: /srv
    command: bash -c "setup && sleep infinity"
    healthcheck: { test: [CMD, test, -e, "/a b"], interval: 2s }
    deploy: { resources: { limits: { cpus: "0.5", memory: 1g } } }
    shm_size: 128m
`,
      { 'app/Dockerfile': 'FROM a' },
    );
    expect(main).toMatchObject({
      image: { kind: 'build', args: { V: '1' } },
      ...{ user: '1000', workdir: '/srv', cpus: 0.5, memory_mb: 1024 },
      healthcheck: { command: "'test' '-e' '/a b'", interval_sec: 2, retries: 3 },
    });
    expect(services?.main).toMatchObject({
      program: ['bash', '-c', 'setup && sleep infinity'],
      shmBytes: 128 * 1024 * 1024,
    });
  });

  test.each(['sleep infinity', '["sh", "-c", "sleep infinity"]', 'tail -f /dev/null'])(
    'needs nothing more for a main that only stays: %s',
    (command) => expect(read(`services: { main: { command: ${command} } }`).services).toBeUndefined(),
  );

  test('mounts folders of environment/ as volumes of the trial, and puts files in', () => {
    const { services } = group(
      'services: { a: { image: x, volumes: ["./conf:/etc/conf:ro", "./one.txt:/one", "./none:/none"] } }',
      { 'conf/a.toml': 'x', 'one.txt': '1' },
    );
    expect(services[0]?.mounts).toMatchObject([
      {
        kind: 'volume',
        name: 'folder-conf',
        target: '/etc/conf',
        readOnly: true,
        files: [{ path: 'a.toml' }],
      },
      { kind: 'volume', name: 'folder-none', target: '/none', files: [] },
    ]);
    expect(services[0]?.files).toMatchObject([{ path: '/one', content: Buffer.from('1') }]);
  });

  test.each([
    '/var/run/docker.sock:/var/run/docker.sock',
    '../tests:/t',
    '~/.ssh:/s',
    './link:/l',
    './file-link:/l',
  ])('is refused where it mounts what lies outside of environment/: %s', (volume) => {
    const folder = folderOf({ 'compose.yaml': `services: { a: { image: x, volumes: ["${volume}"] } }` });
    mkdirSync(join(folder, 'own'));
    symlinkSync('/etc', join(folder, 'link'));
    symlinkSync('/etc/hostname', join(folder, 'file-link'));
    expect(() => readCompose(folder, environment(), false)).toThrow(
      /services\.a\.volumes\[0\]: \S+ would lead out of the trial/,
    );
  });

  test('leaves out the folders of logs that Harbor mounts, which the sandbox has', () => {
    const logs = '["${HOST_VERIFIER_LOGS_PATH}:${ENV_VERIFIER_LOGS_PATH}"]';
    expect(read(`services: { main: { volumes: ${logs} } }`)).toMatchObject({ leftOut: [] });
    expect(group(`services: { main: {}, a: { image: x, volumes: ${logs} } }`).services[0]?.mounts).toEqual([
      { kind: 'volume', name: '.harbor-logs-verifier', target: '/logs/verifier' },
    ]);
  });

  test('names every field that refuses it', () => {
    expect(() =>
      read('services: { a: { image: x, privileged: true, network_mode: host, secrets: [s] } }'),
    ).toThrow(
      /services\.a\.privileged: .*; services\.a\.network_mode: "host" is not .*; services\.a\.secrets: /,
    );
  });

  test('leaves services with profiles out', () => {
    expect(group('services: { a: { image: x }, b: { image: x, profiles: [debug] } }').services).toHaveLength(
      1,
    );
  });

  test('may use anchors, and merge what they stand for', () => {
    const { services } = group(
      'x-base: &base { image: x, restart: always }\nservices: { a: { <<: *base, init: true } }',
    );
    expect(services[0]).toMatchObject({ restart: { policy: 'always' }, init: true });
  });
});
