import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTasks } from '../../src/task/find.ts';
import { folderOf } from '../folder.ts';

function suites(...tasks: string[]): string {
  const files = tasks.flatMap((task) => [
    [`${task}/task.toml`, ''],
    [`${task}/instruction.md`, 'Do it.'],
    [`${task}/proctor.toml`, 'environment = "shell"\n[verify]\nby = "answer"\nexact = "1"\n'],
  ]);
  return folderOf(Object.fromEntries(files));
}

const names = (paths: string[], taskRoots: string[] = []) =>
  findTasks(paths, { taskRoots }).map((task) => task.name);

describe('findTasks', () => {
  test('takes a task folder, a suite folder and nested suites, in the order of their paths', () => {
    const root = suites('tasks/b/two', 'tasks/b/one', 'tasks/deep/er/three', 'tasks/_template');
    expect(names([join(root, 'tasks/b')])).toEqual(['b/one', 'b/two']);
    expect(names([join(root, 'tasks/b/two')])).toEqual(['b/two']);
    expect(names([join(root, 'tasks')])).toEqual(['b/one', 'b/two', 'deep/er/three']);
  });

  test('names a suite outside any folder called tasks by its own folder', () => {
    const root = suites('mine/one');
    expect(names([join(root, 'mine')])).toEqual(['mine/one']);
  });

  test('looks a name up in the roots it is given', () => {
    const root = suites('tasks/b/one');
    expect(names(['b'], [join(root, 'tasks')])).toEqual(['b/one']);
    expect(names(['b/one'], [join(root, 'tasks')])).toEqual(['b/one']);
  });

  test('tells of tasks that can’t be read, one with a name that is not UTF-8 too, and gives the others', () => {
    const root = suites('mine/good', 'mine/named', 'mine/typo');
    writeFileSync(join(root, 'mine/typo/proctor.toml'), 'environmnt = 1');
    writeFileSync(Buffer.concat([Buffer.from(join(root, 'mine/named/x')), Buffer.from([0xe9])]), '');
    const told: string[] = [];
    const mistaken = (task: string, { message }: Error) => told.push(`${task}: ${message}`);
    expect(findTasks([join(root, 'mine')], { mistaken }).map(({ name }) => name)).toEqual(['mine/good']);
    expect(told).toEqual([
      expect.stringMatching(/^mine\/named: \S+: the name x\uFFFD in it is not UTF-8$/),
      expect.stringMatching(/^mine\/typo: .*proctor\.toml/),
    ]);
    expect(() => findTasks([join(root, 'mine')])).toThrow(/is not UTF-8/);
  });

  test('finds the package’s own suites by name and by path', () => {
    expect(names(['quickstart'])).toHaveLength(6);
    expect(names(['tasks/quickstart'])).toEqual(names(['quickstart']));
  });

  test('lists a task once, however often it is named', () => {
    expect(names(['quickstart', 'quickstart/log-triage'])).toEqual(names(['quickstart']));
  });

  test('says what was expected and the nearest name where nothing is found', () => {
    expect(() => findTasks(['quikstart'])).toThrow(
      /^no task or suite "quikstart"; expected a folder with task\.toml.*; did you mean "quickstart"\?$/,
    );
  });

  test('says what was expected of a folder without a task, and of a file', () => {
    const root = folderOf({ 'empty/readme.txt': '' });
    expect(() => findTasks([join(root, 'empty')])).toThrow(
      'empty: no task in it; expected task.toml here or in a folder below',
    );
    expect(() => findTasks([join(root, 'empty/readme.txt')])).toThrow('is a file; expected a task folder');
  });
});
