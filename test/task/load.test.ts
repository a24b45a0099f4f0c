import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTask } from '../../src/task/load.ts';
import { folderOf } from '../folder.ts';

const whole = {
  'task.toml': '[metadata]\ndifficulty = "easy"\ntags = ["a"]\n',
  'instruction.md': 'Do it.\n',
  'proctor.toml': 'environment = "shell"\n',
  'tests/test.sh': 'echo 1 > /logs/verifier/reward.txt\n',
};

describe('a task folder', () => {
  test('is read whole', () => {
    const dir = folderOf({
      ...whole,
      'environment/data/in.txt': 'in',
      'solution/solve.sh': 'true',
      'seed.json': '{"a": 1}',
      'reference.json': '[{"tool": "submit", "arguments": {}}]',
    });
    const task = loadTask(dir);
    expect(task).toMatchObject({
      instruction: 'Do it.',
      tags: ['a'],
      difficulty: 'easy',
      seed: { a: 1 },
      dir,
    });
    expect(task.files.map((file) => file.path)).toEqual(['data/in.txt']);
    expect(task.tests.map((file) => file.path)).toEqual(['test.sh']);
    expect(task.solution.map((file) => file.path)).toEqual(['solve.sh']);
    expect(task.reference).toHaveLength(1);
    expect(task.image).toBeUndefined();
  });

  test('of the Harbor format alone brings its own image', () => {
    const { 'proctor.toml': _, ...harbor } = whole;
    const dir = folderOf({ ...harbor, 'environment/Dockerfile': 'FROM scratch\n' });
    const task = loadTask(dir);
    expect(task.image).toEqual({
      kind: 'build',
      context: join(dir, 'environment'),
      timeoutSec: 600,
    });
    expect(task.files).toEqual([]);
    expect(task.additions).toMatchObject({
      isolation: 'compatible',
      verify: { by: 'script', where: 'live' },
    });
  });

  test('has another digest when a byte, a name or an executable bit of it changes', () => {
    const digest = (files: Record<string, string>) => loadTask(folderOf({ ...whole, ...files })).digest;
    expect(digest({})).toBe(digest({}));
    expect(
      new Set([
        digest({}),
        digest({ 'environment/a': '1' }),
        digest({ 'environment/a': '2' }),
        digest({ 'environment/b': '1' }),
      ]).size,
    ).toBe(4);
  });

  test('has the links of its folders, which its digest knows', () => {
    const dir = folderOf({ ...whole, 'tests/data/a.txt': 'a' });
    const { digest } = loadTask(dir);
    symlinkSync('data', join(dir, 'tests', 'now'));
    symlinkSync('/app/b.txt', join(dir, 'tests', 'data', 'b.txt'));
    const linked = loadTask(dir);
    expect(linked.phases[0].tests).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'data/b.txt', target: '/app/b.txt' }),
        expect.objectContaining({ path: 'now', target: 'data' }),
      ]),
    );
    expect(linked.digest).not.toBe(digest);
  });

  test('is named by its path below the nearest folder called tasks', () => {
    const files = Object.fromEntries(
      Object.entries(whole).map(([path, text]) => [`tasks/suite/one/${path}`, text]),
    );
    expect(loadTask(join(folderOf(files), 'tasks/suite/one')).name).toBe('suite/one');
  });

  const state = '[verify]\nby = "state"\nmust = [{ name = "m", check = "true" }]\n';
  test.each<[string, Record<string, string | null>, string]>([
    ['without task.toml', { 'task.toml': null }, 'task.toml: missing file'],
    ['without an instruction', { 'instruction.md': null }, 'instruction.md: missing file'],
    [
      'with an empty instruction',
      { 'instruction.md': ' \n' },
      'instruction.md: is empty; expected the instruction',
    ],
    [
      'without tests/test.sh',
      { 'tests/test.sh': null },
      'tests/test.sh: missing file; verify.by = "script" needs it',
    ],
    ['without an environment', { 'proctor.toml': null }, 'no environment; expected environment = "NAME"'],
    [
      'with a misspelt key',
      { 'proctor.toml': 'enviroment = "shell"\n' },
      'proctor.toml: enviroment: unknown key; did you mean "environment"?',
    ],
    [
      'with a misspelt key of Harbor’s',
      { 'task.toml': '[agent]\ntimeout = 3\n' },
      'task.toml: agent.timeout: unknown key; did you mean "timeout_sec"?',
    ],
    [
      'with a milestone without a question',
      { 'proctor.toml': 'environment = "shell"\n[[milestones]]\nname = "m"\n' },
      'milestones[0]: give exactly one of check and command',
    ],
    [
      'with a milestone that asks twice',
      {
        'proctor.toml':
          'environment = "shell"\n[[milestones]]\nname = "m"\ncheck = "true"\ncommand = "true"\n',
      },
      'milestones[0]: give exactly one of check and command',
    ],
    [
      'with a reference of another shape',
      { 'reference.json': '[{"command": "ls"}]' },
      'reference.json: [0].command: unknown key',
    ],
    [
      'with two answers',
      { 'proctor.toml': 'environment = "shell"\n[verify]\nby = "answer"\nexact = "1"\nnumber = 1\n' },
      'verify: give exactly one of exact, number and pattern',
    ],
    [
      'with a step that has no folder',
      { 'task.toml': '[[steps]]\nname = "one"\n' },
      'task.toml: steps: "one": expected a folder',
    ],
    [
      'with a compose file whose service has no image',
      { 'environment/docker-compose.yaml': 'services: {main: {}, store: {}}\n' },
      'docker-compose.yaml: services.store: expected image or build',
    ],
    [
      'with a compose file of another shape',
      { 'environment/docker-compose.yaml': 'services: [main]\n' },
      'docker-compose.yaml: services: expected record',
    ],
    [
      'with a compose file that is no YAML',
      { 'environment/docker-compose.yaml': 'services: {main\n' },
      'docker-compose.yaml: not valid YAML: ',
    ],
    [
      'with broken policy',
      { 'policy.toml': `environment = "shell"\n${state}` },
      'policy.toml: environment: unknown key',
    ],
  ])('%s is refused in one line', (_, changes, message) => {
    const files = Object.entries({ ...whole, ...changes }).filter(
      (file): file is [string, string] => file[1] !== null,
    );
    const dir = folderOf(Object.fromEntries(files));
    expect(() => loadTask(dir)).toThrow(message);
    expect(() => loadTask(dir)).toThrow(/^[^\n]*$/);
    expect(() => loadTask(dir)).toThrow(dir);
  });
});
