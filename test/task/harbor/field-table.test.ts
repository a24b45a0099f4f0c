import { describe, expect, test } from 'vitest';
import { harborTask } from '../../../src/schema/harbor-task.ts';
import { harborFields, objections, warningsOf } from '../../../src/task/harbor/field-table.ts';
import { loadTask } from '../../../src/task/load.ts';
import { folderOf } from '../../folder.ts';
import { fieldPaths } from './field-path.ts';
import { proofOf } from './proof.ts';

const fields = Object.entries(harborFields);

/** A task with one field set, by its path. */
function taskWith(path: string, value: unknown) {
  const root: Record<string, unknown> = {};
  let node = root;
  const keys = path.split('.');
  for (const [index, key] of keys.entries()) {
    const last = index === keys.length - 1;
    const name = key.replace('[]', '');
    const inner = last ? value : { ...companions[key] };
    node[name] = key.endsWith('[]') ? [inner] : inner;
    node = inner as Record<string, unknown>;
  }
  return harborTask.parse(root);
}

/** What has to stand beside a field. */
const companions: Record<string, object> = {
  'steps[]': { name: 'one' },
  'mcp_servers[]': { name: 's' },
  'artifacts[]': { source: '/a' },
  'collect[]': { command: 'true' },
  healthcheck: { command: 'true' },
};

/** Values that cannot be honoured, by the last name of the field. */
const badValues: Record<string, unknown> = {
  os: 'windows',
  gpus: 1,
  gpu_types: ['h100'],
  type: 'v5',
  topology: '2x4',
  skills_dir: '/skills',
  cpus: 4096,
  memory: 'much',
  storage: 'much',
  user: 'somebody',
  network_mode: 'no-network',
  allowed_hosts: ['example.com'],
  schema_version: '1.9',
  version: '2.0',
  name: 'server',
};

const badValueOf = (path: string) => badValues[path.split('.').at(-1) ?? ''];

describe('the table of fields', () => {
  test('has every field of the format, and no other', () => {
    expect(Object.keys(harborFields).sort()).toEqual(fieldPaths().sort());
  });

  test.each(fields.filter(([, { handling, objection }]) => handling === 'warned' || objection))(
    '%s that cannot be honoured is named',
    (path, { handling }) => {
      const named = objections(taskWith(path, badValueOf(path)));
      expect(named.map((one) => [one.path.replaceAll(/\[\d+\]/g, '[]'), one.handling])).toContainEqual([
        path,
        handling,
      ]);
      expect(named.find((one) => one.path.replaceAll(/\[\d+\]/g, '[]') === path)?.why).toMatch(/^[^\n]+$/);
    },
  );

  test.each(fields.filter(([, { handling }]) => handling === 'honoured'))('%s is honoured', (path) => {
    expect(proofOf(path)()).toBe(true);
  });
});

describe('a task', () => {
  const files = { 'instruction.md': 'Do it.', 'tests/test.sh': 'true' };

  test('with a refused field is refused in one line that names it', () => {
    const toml = '[environment]\ndocker_image = "a"\nos = "windows"\n';
    expect(() => loadTask(folderOf({ ...files, 'task.toml': toml }))).toThrow(
      /task\.toml: environment\.os: expected "linux", got "windows"$/,
    );
  });

  test('names every field that refuses it', () => {
    const toml =
      '[environment]\ndocker_image = "a"\nos = "windows"\n[verifier.environment]\ndocker_image = "a"\nos = "plan9"\n';
    expect(() => loadTask(folderOf({ ...files, 'task.toml': toml }))).toThrow(
      /verifier\.environment\.os: expected "linux", got "plan9"; environment\.os: expected "linux"/,
    );
  });

  test.each([
    ['[[artifacts]]\nsource = "/a"\nservice = "db"\n', 'task.toml: artifacts[0].service'],
    ['[[verifier.collect]]\ncommand = "a"\nservice = "db"\n', 'task.toml: verifier.collect[0].service'],
  ])('that names a service which its compose file does not have is refused: %s', (toml, where) => {
    const load = () =>
      loadTask(folderOf({ ...files, 'task.toml': `${toml}[environment]\ndocker_image = "a"\n` }));
    expect(load).toThrow(`${where}: there is no service "db"; expected main`);
  });

  test('whose fields are all honoured has no warning', () => {
    const toml = '[environment]\ndocker_image = "a"\ncpus = 1\nmemory = "2G"\n';
    expect(warningsOf(loadTask(folderOf({ ...files, 'task.toml': toml })))).toEqual([]);
  });

  test('has a warning of one line for each field that is not honoured', () => {
    const toml = '[environment]\ndocker_image = "a"\ngpus = 2\nskills_dir = "/skills"\n';
    const lines = warningsOf(loadTask(folderOf({ ...files, 'task.toml': toml })));
    expect(lines.map((line) => line.replace(/^.*task\.toml: /, ''))).toEqual([
      'environment.gpus: the sandbox has no GPU',
      'environment.skills_dir: stays in the image; no agent is told of it',
    ]);
  });

  const elsewhere = (toml: string, more: Record<string, string> = {}) => {
    const task = loadTask(
      folderOf({ ...files, 'environment/Dockerfile': 'FROM a', 'task.toml': toml, ...more }),
    );
    return { task, warnings: warningsOf(task).map((line) => line.replace(/^\S*\//, '')) };
  };

  test('from elsewhere may have keys that are not known: they are named and left out, and ours may not', () => {
    const toml =
      'newer = 1\n[agent]\nretries = 2\ntimeout_sec = 5\n[[artifacts]]\nsource = "/a"\nkeep = true\n';
    const warnings = ['newer', 'agent.retries', 'artifacts[0].keep'].map(
      (path) => `task.toml: ${path}: unknown key; it is not heeded`,
    );
    const { task, warnings: said } = elsewhere(toml);
    expect(said.sort()).toEqual(warnings.sort());
    expect(task.harbor).toMatchObject({ agent: { timeout_sec: 5 }, artifacts: [{ source: '/a' }] });
    expect(elsewhere(toml, { 'proctor.toml': 'isolation = "compatible"\n' }).warnings.sort()).toEqual(
      warnings,
    );
    expect(() => elsewhere(toml, { 'proctor.toml': '' })).toThrow(/unknown key/);
  });

  test('from elsewhere is still refused for a value of the wrong kind', () => {
    expect(() => elsewhere('newer = 1\n[agent]\ntimeout_sec = "soon"\n')).toThrow(
      /task\.toml: agent\.timeout_sec: expected number/,
    );
  });

  test.each([
    ['tags = "law"', ['law']],
    ['tags = ["law", 3]', ['law', '3']],
    ['tags = { a = 1 }', []],
  ])('is not refused for its free metadata: %s', (toml, tags) => {
    expect(elsewhere(`[metadata]\n${toml}\ndifficulty = 3\ncategory = ["a", "b"]\n`).task).toMatchObject({
      tags,
      difficulty: '3',
    });
  });

  test('may spell words of the format in other ways', () => {
    const server = '[[environment.mcp_servers]]\nname = "s"\nurl = "http://a.test/mcp"\ntransport = ';
    const toml = `[environment]\nos = "Linux"\nnetwork_mode = "No-Network"\n${server}`;
    for (const transport of ['http', 'HTTP', 'streamable_http', 'streamable-http']) {
      const { task, warnings } = elsewhere(`${toml}"${transport}"\n`);
      expect(task.harbor.environment).toMatchObject({
        os: 'linux',
        network_mode: 'no-network',
        mcp_servers: [{ transport: 'streamable-http' }],
      });
      expect(warnings).toEqual([]);
    }
    expect(() => elsewhere(`${server}"carrier-pigeon"\n`)).toThrow(
      /mcp_servers\[0\]\.transport: expected one of/,
    );
  });

  test('with a compose file of main alone has its variables and no services, and what else it says is named', () => {
    const compose = `services:
  main:
    build: { context: . }
    environment: [GREETING=hello=you, PORT=1, NOT_SET_ANYWHERE]
    ports: ["80:80"]
volumes: { data: {} }
`;
    const { task, warnings } = elsewhere('[environment]\nenv = { PORT = "2" }\n', {
      'environment/docker-compose.yaml': compose,
    });
    expect(task.harbor.environment.env).toEqual({ GREETING: 'hello=you', PORT: '2' });
    expect(task.services).toBeUndefined();
    expect(warnings).toEqual([
      'docker-compose.yaml: services.main.ports: not published on the machine; the others reach the service by its name',
    ]);
    const map = {
      'environment/docker-compose.yaml': 'services: { main: { environment: { A: 1, B: on } } }\n',
    };
    expect(elsewhere('', map).task.harbor.environment.env).toEqual({ A: '1', B: 'on' });
  });

  test('may have a docker-compose.yml, which the format does not look for', () => {
    expect(
      elsewhere('', { 'environment/docker-compose.yml': 'services: {a: {}, b: {}}\n' }).warnings,
    ).toEqual([]);
  });

  test('with a trajectory.json is told that it is not played', () => {
    expect(elsewhere('', { 'trajectory.json': '{}' }).warnings).toEqual([
      expect.stringMatching(/^trajectory\.json: is not played/),
    ]);
  });
});
