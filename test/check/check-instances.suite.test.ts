import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkInstances } from '../../src/check/check-instances.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import { loadGenerator } from '../../src/task/generate/generator.ts';
import { instanceOf } from '../../src/task/generate/instance.ts';
import { loadTask } from '../../src/task/load.ts';
import type { Task } from '../../src/task/task.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { checkParts, problems } from './flawed.ts';

const sum = `awk -F, '{ n += $2 } END { print n }' crates.csv > total.txt`;
const bash = (command: string) => ({ tool: 'bash', arguments: { command } });
const submit = { tool: 'submit', arguments: { answer: 'done' } };

const depot = {
  'task.toml': '[metadata]\ndifficulty = "easy"\n',
  'instruction.md': 'Write the sum of all crates into total.txt.\n',
  'proctor.toml':
    'environment = "shell"\n[contract]\nmay_change = ["/home/agent/work/total.txt"]\n[verify]\nby = "script"\ncopy = ["/home/agent/work/total.txt"]\n',
  'reference.json': JSON.stringify([bash('cat crates.csv'), bash(sum), submit]),
  'agents/wrong.json': JSON.stringify([bash('echo 1 > total.txt'), submit]),
  'environment/crates.csv': 'Ana,12\nBo,30\n',
  'tests/test.sh':
    '#!/bin/bash\ncd /home/agent/work\nif test "$(cat total.txt)" = 42; then echo 1; else echo 0; fi > /logs/verifier/reward.txt\n',
  'generate.ts': `export default (seed, random) => {
  const [a, b] = [random.int(10, 99), random.int(10, 99)];
  return { words: { 12: String(a), 30: String(b), 42: String(a + b) }, covariates: { rows: 2 } };
};`,
};

type Plan = Parameters<typeof instanceOf>[1];

async function checked(files: Record<string, string> = {}, plans?: Plan[]) {
  const dir = join(
    folderOf(
      Object.fromEntries(
        Object.entries({ ...depot, ...files }).map(([path, text]) => [`tasks/depot/sum/${path}`, text]),
      ),
    ),
    'tasks/depot/sum',
  );
  const provider = embeddedProvider();
  const setup = (task: Task) => ({ task, environment: environmentOf(task) });
  const published = loadTask(dir);
  const generator = await loadGenerator(dir);
  try {
    const group = {
      published: setup(published),
      instances: await Promise.all(
        (plans ?? ['a', 'b'].map((seed) => ({ seed, generator }))).map(async (plan) =>
          setup(await instanceOf(published, plan)),
        ),
      ),
    };
    const [result] = await checkInstances([group], checkParts(temporaryFolder(), provider, 2));
    if (!result) throw new Error('nothing was checked');
    return result;
  } finally {
    await provider.close();
  }
}

describe('a check of instances', () => {
  test('holds where each is proved, they are alike, and none is solved by the answer of another', async () => {
    const result = await checked();
    expect(problems(result)).toEqual({});
    expect(result).toMatchObject({ name: 'depot/sum', seeds: ['a', 'b'] });
    const passed = result.proofs.filter(({ status }) => status === 'passed').map(({ name }) => name);
    expect(passed).toEqual(
      expect.arrayContaining(['oracle', 'nop', 'wrong', 'mutants', 'repeat', 'alike', 'others']),
    );
  });

  test('asks for no answer of its own of the published content in another form', async () => {
    const { proofs } = await checked({}, [{ seed: 'a', perturb: [{ name: 'wording', strength: 1 }] }]);
    expect(proofs.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(proofs.find(({ name }) => name === 'others')?.status).toBe('skipped');
  });

  test('fails where what decides the answer is always the same', async () => {
    const names = 'export default (seed, random) => ({ words: { Ana: random.pick(["Cy", "Di"]) } });';
    const { others, ...rest } = problems(await checked({ 'generate.ts': names }));
    expect(others).toMatch(
      /^@a: the answer that is published gets full marks, so that it can be learnt by heart/,
    );
    expect(rest).toEqual({});
  });

  test('fails where the checks were not varied with the data, and where some are harder', async () => {
    const generator = depot['generate.ts']
      .replace(', 42: String(a + b)', '')
      .replace('rows: 2', 'rows: seed === "a" ? 2 : 4');
    const found = problems(await checked({ 'generate.ts': generator }));
    expect(found.oracle).toMatch(/^@a: reference\.json: gets 0 instead of 1/);
    expect(found.alike).toMatch(/rows is 2, and the median is 3/);
  });
});
