import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { harborFiles, misfit } from '../../src/check/export-harbor.ts';
import { importHarborTask } from '../../src/check/import-harbor.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { findTasks } from '../../src/task/find.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../folder.ts';

const setupOf = (name: string) => {
  const [task] = findTasks([name]);
  if (!task) throw new Error(`no task ${name}`);
  return { task, environment: environmentOf(task) };
};

describe('a Harbor task that is imported', () => {
  const givenTask = () =>
    folderOf({
      'task.toml': '[environment]\ndocker_image = "a"\nworkdir = "/w"\n',
      'instruction.md': 'Do it.',
      'tests/test.sh': 'true',
    });

  test('is a task of ours that runs and is verified as before', () => {
    const given = givenTask();
    const to = join(temporaryFolder(), 'task');
    importHarborTask(loadTask(given), '/w', to);
    const [before, after] = [loadTask(given), loadTask(to)];
    expect(after.additions).toEqual(before.additions);
    expect(after.phases).toEqual(before.phases);
    expect(existsSync(join(to, 'policy.toml'))).toBe(true);
  });

  test('has milestones and a rule to fill in that load as they are', () => {
    const given = givenTask();
    const to = join(temporaryFolder(), 'task');
    importHarborTask(loadTask(given), '/w', to);
    for (const file of ['proctor.toml', 'policy.toml']) {
      const text = readFileSync(join(to, file), 'utf8');
      writeFileSync(join(to, file), text.replace(/^# (?=\[|\w+ = )/gm, ''));
    }
    const task = loadTask(to);
    expect(task.additions.milestones).toHaveLength(1);
    expect(task.policy.rules).toHaveLength(1);
  });

  test('is not written over what is there', () => {
    const given = givenTask();
    expect(() => importHarborTask(loadTask(given), '/w', given)).toThrow('is there already; choose another');
  });
});

describe('a task that is exported as a Harbor task', () => {
  test('loads there with its image, tests and a solution made of its reference', () => {
    const setup = setupOf('shell/release-modes');
    expect(misfit(setup)).toBeUndefined();
    const files = harborFiles(setup).map(({ path, content }) => [
      path,
      Buffer.from(content).toString('latin1'),
    ]);
    const task = loadTask(folderOf(Object.fromEntries(files)));
    expect(task.image?.kind).toBe('build');
    expect(task.phases[0].tests.map(({ path }) => path)).toContain('test.sh');
    expect(task.phases[0].solution.map(({ path }) => path)).toEqual(['solve.sh']);
    expect(task.harbor.environment).toMatchObject({
      network_mode: 'no-network',
      workdir: '/home/agent/work',
    });
  });

  test('is refused in half a sentence where it does not fit', () => {
    expect(misfit(setupOf('support-desk/gift-note'))).toMatch(
      /^its tool server ".*" runs in Proctor’s process$/,
    );
  });
});
