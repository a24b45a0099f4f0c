import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readScript } from '../../src/agent/script.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { loadEnvironment } from '../../src/environment/load.ts';
import { seedData } from '../../src/environment/sandbox-spec.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { defaultRules } from '../../src/policy/default-rule.ts';
import { runExamples } from '../../src/policy/example.ts';
import { resolvePolicy } from '../../src/policy/resolve.ts';
import { foldersIn, packageRoot, readFolder } from '../../src/schema/author-folder.ts';
import { findTasks } from '../../src/task/find.ts';

const environments = foldersIn(join(packageRoot, 'environments'));
const tasks = findTasks([join(packageRoot, 'tasks')]);

describe.each(environments)('the environment %s', (name) => {
  test('loads, and its rules compile and agree with their examples', () => {
    const { policy } = loadEnvironment(name);
    expect(
      runExamples(resolvePolicy({ defaults: [], environment: policy, task: { rules: [], off: [] } })),
    ).toEqual([]);
  });
});

describe.each(tasks.map((task) => [task.name, task] as const))('the task %s', (_, task) => {
  test('loads with its environment, and every expression of it compiles', () => {
    const environment = environmentOf(task);
    const parts = { defaults: defaultRules, environment: environment.policy, task: task.policy };
    compilePolicy(resolvePolicy(parts), task.name);
    expect(seedData(environment, task)).toBeTypeOf('object');
  });

  test('carries what a task of the package has to carry', () => {
    expect(task.difficulty).toMatch(/^(easy|medium|hard)$/);
    expect(task.tags.length).toBeGreaterThan(1);
    expect(task.additions.milestones.length).toBeGreaterThan(1);
    expect(task.additions.contract).toMatchObject({
      may_change: expect.anything(),
      budget: expect.anything(),
    });
    expect(task.reference?.length).toBeGreaterThanOrEqual(3);
    for (const { path } of readFolder(join(task.dir, 'agents'))) readScript(join(task.dir, 'agents', path));
  });
});
