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
  service: 'database',
  gpus: 1,
  gpu_types: ['h100'],
  skills_dir: '/skills',
  cpus: 4096,
  memory: 'much',
  storage: 'much',
  user: 'somebody',
  network_mode: 'no-network',
  allowed_hosts: ['example.com'],
  url: 'http://localhost:9000/mcp',
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
});
