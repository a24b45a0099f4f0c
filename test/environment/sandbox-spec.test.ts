import { describe, expect, test } from 'vitest';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { needsOf, sandboxSpec, seedData } from '../../src/environment/sandbox-spec.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf } from '../folder.ts';

const labels = { run: 'r', trial: 't' };
const task = (files: Record<string, string>) =>
  loadTask(folderOf({ 'task.toml': '', 'instruction.md': 'Do it.', 'tests/test.sh': 'true', ...files }));

describe('the sandbox of a trial', () => {
  test('puts the task’s files into the workdir and takes the environment’s limits', () => {
    const inShell = task({ 'proctor.toml': 'environment = "shell"\n', 'environment/a/b.txt': 'x' });
    const spec = sandboxSpec(inShell, environmentOf(inShell), labels);
    expect(spec).toMatchObject({
      labels,
      network: 'none',
      profile: 'hardened',
      workdir: '/home/agent/work',
      limits: { memoryMb: 512, cpus: 1, pids: 256 },
      image: { kind: 'build' },
    });
    expect(spec?.files.map((file) => file.path)).toEqual(['/home/agent/work/a/b.txt']);
  });

  test('lets the task’s own limits, user, workdir and image go before', () => {
    const own = task({
      'task.toml':
        '[agent]\nuser = 1001\n[environment]\ndocker_image = "a:1"\nworkdir = "/w"\nmemory = "2G"\ncpus = 2\nstorage_mb = 99\n',
    });
    expect(sandboxSpec(own, environmentOf(own), labels)).toMatchObject({
      image: { kind: 'reference', reference: 'a:1' },
      workdir: '/w',
      user: '1001',
      limits: { memoryMb: 2048, cpus: 2, storageMb: 99 },
    });
  });

  test('has no sandbox where all tools are outside', () => {
    const desk = task({
      'proctor.toml': 'environment = "support-desk"\n[verify]\nby = "answer"\nexact = "1"\n',
    });
    expect(sandboxSpec(desk, environmentOf(desk), labels)).toBeUndefined();
    expect(needsOf(desk, environmentOf(desk))).toEqual([]);
  });

  test('needs what task and environment declare, and an image where the task brings one', () => {
    const plain = task({ 'proctor.toml': 'environment = "shell"\nneeds = ["kernel", "background"]\n' });
    expect(needsOf(plain, environmentOf(plain))).toEqual(['background', 'kernel']);
    const own = task({ 'environment/Dockerfile': 'FROM scratch\n' });
    expect(needsOf(own, environmentOf(own))).toEqual(['image']);
  });

  test('merges the task’s seed over the environment’s by key and replaces everything else', () => {
    const environment = {
      ...environmentOf(task({ 'environment/Dockerfile': '' })),
      seed: { a: { x: 1, y: [1, 2] }, b: 1 },
    };
    const seeded = task({
      'environment/Dockerfile': '',
      'seed.json': '{"a": {"y": [3], "z": null}, "b": {"c": 1}}',
    });
    expect(seedData(environment, seeded)).toEqual({ a: { x: 1, y: [3], z: null }, b: { c: 1 } });
    expect(environment.seed).toEqual({ a: { x: 1, y: [1, 2] }, b: 1 });
  });
});
