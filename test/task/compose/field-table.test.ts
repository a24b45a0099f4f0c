import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { harborTask } from '../../../src/schema/harbor-task.ts';
import { composeFields, objectionsTo } from '../../../src/task/compose/field-table.ts';
import { readCompose } from '../../../src/task/compose/read.ts';
import { published } from './published.ts';
import { asItIs, badValues, samples } from './sample.ts';
import { specifiedFields } from './specification.ts';

const fields = Object.entries(composeFields);

/** What has to stand beside a field for the file to be sound. */
const companions: Record<string, string> = {
  'services.*': 'image: a',
  'services.*.env_file[]': 'path: own/variables',
  'services.*.volumes[]': 'type: volume, target: /data',
  'services.*.configs[]': 'source: settings',
  'services.*.healthcheck': 'test: "true"',
  'services.*.deploy.restart_policy': 'condition: on-failure',
};

const names: Record<string, string> = {
  services: 'web',
  networks: 'back',
  volumes: 'data',
  configs: 'settings',
  depends_on: 'other',
};

interface Node {
  [key: string]: unknown;
}

/** A sound file with one field set, or its section without it. */
function fileWith(path: string, value: string | undefined): Node {
  const root = parse(
    'services: { web: { image: a }, other: { image: b, healthcheck: { test: "true" } } }\n' +
      'networks: { back: {} }\nvolumes: { data: {} }\nconfigs: { settings: { content: old }, more: { content: new } }',
  ) as Node;
  let node = root;
  let at = '';
  const parts = path.split('.');
  for (const [index, part] of parts.entries()) {
    at = at === '' ? part : `${at}.${part}`;
    const key = part === '*' ? (names[parts[index - 1] ?? ''] ?? 'any') : part.replace('[]', '');
    if (index === parts.length - 1) {
      if (value !== undefined) node[key] = parse(value);
      break;
    }
    const beside = companions[at] === undefined ? {} : (parse(`{ ${companions[at]} }`) as Node);
    const known = node[key] as Node | undefined;
    const inner: Node = part.endsWith('[]') ? beside : { ...known, ...beside };
    node[key] = part.endsWith('[]') ? [inner] : inner;
    node = inner;
  }
  return settled(root, path);
}

/** Fields that exclude each other, or that only do something together. */
function settled(file: Node, path: string): Node {
  const { web } = file.services as { web: Node };
  if (path.startsWith('services.*.build.') && !('context' in (web.build as Node)))
    web.build = { context: '.', ...(web.build as Node) };
  if (path.startsWith('configs.')) web.configs = ['settings'];
  if (path === 'configs.*.file' || path === 'configs.*.environment')
    delete (file.configs as { settings: Node }).settings.content;
  if (path.startsWith('networks.')) web.networks = ['back'];
  if (path === 'services.*.volumes[].bind.create_host_path')
    Object.assign((web.volumes as Node[])[0] ?? {}, { type: 'bind', source: './none' });
  if (path.startsWith('services.*.volumes[].tmpfs'))
    Object.assign((web.volumes as Node[])[0] ?? {}, { type: 'tmpfs' });
  if (path === 'services.*.depends_on.*.required')
    web.depends_on = { gone: { condition: 'service_started', ...((web.depends_on as Node).other as Node) } };
  return file;
}

const files = {
  ...{ Dockerfile: 'FROM a', 'Other.Dockerfile': 'FROM a', 'own/Dockerfile': 'FROM a' },
  ...{ 'own/variables': 'FROM_FILE=1', 'own/more': 'FROM_FILE=2' },
};
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proctor-test-'));
  mkdirSync(join(folder, 'own'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return () => rmSync(folder, { recursive: true });
});

function asked(file: Node) {
  writeFileSync(join(folder, 'compose.yaml'), JSON.stringify(file));
  return readCompose(folder, harborTask.parse({}).environment, false);
}

const run = (file: Node) => JSON.stringify(asked(file));

describe('the table of fields of compose files', () => {
  test('has every field of the specification, and no other', () => {
    expect(Object.keys(composeFields).sort()).toEqual(specifiedFields().sort());
  });

  test.each(
    fields.filter(([path, { handling }]) => handling !== 'refused' && path in samples).map(([path]) => path),
  )('%s is honoured', (path) => {
    const file = fileWith(path, samples[path]);
    expect(objectionsTo(file)).toEqual([]);
    const without = path.endsWith('.required')
      ? fileWith('services.*.image', 'a')
      : fileWith(path, undefined);
    if (path.endsWith('.required') || path.endsWith('create_host_path'))
      expect(() => asked(file)).not.toThrow();
    else expect(run(file)).not.toBe(runOrNothing(without));
  });

  test('has every field that was seen in published tasks, none of which more often than there are files', () => {
    const { files: total, fields: seen } = published;
    expect(Object.keys(seen).filter((path) => !(path in composeFields))).toEqual([]);
    expect(Math.max(...Object.values(seen))).toBeLessThanOrEqual(total);
  });

  test('says of every honoured field what it changes, or that it changes nothing', () => {
    const honoured = fields.filter(([, { handling }]) => handling === 'honoured').map(([path]) => path);
    expect(honoured.filter((path) => !(path in samples) && !asItIs.has(path))).toEqual([]);
  });

  test.each(fields.filter(([, { handling, objection }]) => handling !== 'honoured' || objection))(
    '%s that cannot be honoured is named',
    (path, { handling, refuses }) => {
      const isMain = ['services.*.read_only', 'services.*.restart'].includes(path);
      const bad = isMain
        ? { services: { main: { read_only: true, restart: 'always' } } }
        : fileWith(path, badValues[path] ?? 'something');
      const [found] = objectionsTo(bad).filter((one) => fieldOf(one.path) === path);
      expect(found).toMatchObject({ handling: handling === 'refused' || refuses ? 'refused' : 'warned' });
      expect(found?.why).toMatch(/^[^\n]+$/);
    },
  );
});

const runOrNothing = (file: Node) => {
  try {
    return run(file);
  } catch {
    return '';
  }
};

/** The path of a field as the table has it. */
const fieldOf = (path: string) =>
  path
    .replaceAll(/\[\d+\]/g, '[]')
    .replace(/^(\w+)\.[\w-]+/, '$1.*')
    .replace(/^(services\.\*\.(?:networks|depends_on))\.[\w-]+/, '$1.*');
