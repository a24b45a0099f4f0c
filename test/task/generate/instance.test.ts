import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { covariatesOf } from '../../../src/task/generate/covariate.ts';
import { loadGenerator } from '../../../src/task/generate/generator.ts';
import { instanceOf } from '../../../src/task/generate/instance.ts';
import { keptWith, recordedFolder } from '../../../src/task/generate/made-folder.ts';
import { loadTask } from '../../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';

const published = {
  'task.toml': '[metadata]\ndifficulty = "easy"\n',
  'instruction.md': 'How many crates came for Ana? Ask {who}.\n',
  'proctor.toml': 'environment = "shell"\n[verify]\nby = "answer"\nexact = "12"\n',
  'reference.json': '[{"tool": "submit", "arguments": {"answer": "12"}}]',
  'agents/wrong.json': '[{"tool": "submit", "arguments": {"answer": "13"}}]',
  'environment/crates.txt': 'Ana 12\n',
  'environment/old.txt': 'Ana 4\n',
  'generate/names.ts': 'export const names = ["Bo", "Cy"];',
  'generate.ts': `import { names } from './generate/names.ts';
export default (seed, random) => {
  const [who, count] = [random.pick(names), random.int(20, 90)];
  return {
    words: { Ana: who, '{who}': 'the depot', 12: String(count) },
    files: { 'environment/crates.txt': \`\${who} \${count}\\n\`, 'environment/old.txt': null, 'tests/note.txt': 'Ana' },
    proctor: { milestones: [{ name: 'read', check: 'true' }] },
    covariates: { crates: { value: count, within: 0.8 } },
  };
};`,
};

const made = async (files: Record<string, string> = {}, seed = 's1') => {
  const dir = folderOf({ ...published, ...files });
  const task = loadTask(dir, 'depot/count');
  return { task, instance: await instanceOf(task, { seed, generator: await loadGenerator(dir) }) };
};

describe('an instance', () => {
  test('is an ordinary task with words, files and settings of its own', async () => {
    const { task, instance } = await made();
    const count = instance.additions.verify.by === 'answer' ? instance.additions.verify.exact : '';
    expect(instance.name).toBe('depot/count@s1');
    expect(instance.instruction).toMatch(/^How many crates came for (Bo|Cy)\? Ask the depot\.$/);
    expect(instance.files.map(({ path, content }) => [path, String(content)])).toEqual([
      ['crates.txt', expect.stringMatching(new RegExp(`^(Bo|Cy) ${count}\n$`))],
    ]);
    expect(instance.reference).toEqual([{ tool: 'submit', arguments: { answer: count } }]);
    expect(String(instance.tests[0]?.content)).toBe('Ana');
    expect(instance.additions.milestones).toHaveLength(1);
    expect(instance.additions.cluster).toEqual({ template: 'depot/count' });
    expect(task.additions.cluster).toEqual(instance.additions.cluster);
    expect(instance.instance).toMatchObject({
      base: 'depot/count',
      seed: 's1',
      kind: 'variant',
      baseDigest: task.digest,
    });
    expect(covariatesOf(instance)).toMatchObject({
      steps: { value: 1 },
      files: { value: 1 },
      crates: { value: Number(count) },
    });
  });

  test('has the same folder and digest for the same seed, and another one for another', async () => {
    const [one, again, other] = [await made(), await made(), await made({}, 's2')];
    expect(again.instance.digest).toBe(one.instance.digest);
    expect(again.instance.dir).toBe(one.instance.dir);
    expect(other.instance.digest).not.toBe(one.instance.digest);
  });

  test('has the digest of what it holds, whatever else its generator says', async () => {
    const source = published['generate.ts'];
    const [one, commented, changed] = [
      await made(),
      await made({ 'generate.ts': `// says it otherwise\n${source}`, 'generate/notes.md': 'for authors' }),
      await made({ 'instruction.md': `${published['instruction.md']}\nThank you.` }),
    ];
    expect(commented.instance.digest).toBe(one.instance.digest);
    expect(commented.instance.instance).toEqual(one.instance.instance);
    expect(changed.instance.digest).not.toBe(one.instance.digest);
  });

  test('shows nothing of its generator', async () => {
    const { instance } = await made();
    expect(() => loadTask(join(instance.dir, 'generate'))).toThrow('expected a task folder');
    expect(instance.instance && Object.keys(instance.instance)).not.toContain('words');
  });

  test('keeps a task of the Harbor format open, as it was', async () => {
    const { 'proctor.toml': _, ...harbor } = published;
    const dir = folderOf({
      ...harbor,
      'tests/test.sh': 'true',
      'environment/Dockerfile': 'FROM scratch\n',
      'generate.ts': 'export default () => ({ words: { Ana: "Bo" } });',
    });
    const instance = await instanceOf(loadTask(dir, 'x'), { seed: 's', generator: await loadGenerator(dir) });
    expect(instance.additions.isolation).toBe('compatible');
  });

  test('of a generator that names what is not there is refused', async () => {
    await expect(made({ 'generate.ts': 'export default () => ({ words: { Zed: "Bo" } });' })).rejects.toThrow(
      /generate\.ts: words: "Zed" stands in no file/,
    );
    await expect(
      made({ 'generate.ts': 'export default () => ({ files: { "../a": "" } });' }),
    ).rejects.toThrow(/files: "\.\.\/a": expected a path below the task's folder/);
    await expect(
      made({ 'generate.ts': 'export default () => ({ proctor: { milestone: [] } });' }),
    ).rejects.toThrow(/proctor\.toml: milestone: unknown key/);
  });

  test('is kept with the run, and found there when the run was moved', async () => {
    const { task, instance } = await made();
    const run = temporaryFolder();
    const kept = keptWith(run, instance);
    expect(keptWith(run, kept)).toBe(kept);
    expect(keptWith(run, task)).toBe(task);
    const moved = temporaryFolder();
    cpSync(run, moved, { recursive: true });
    rmSync(run, { recursive: true });
    const found = loadTask(recordedFolder(kept.dir, moved), kept.name);
    expect(found.digest).toBe(instance.digest);
  });
});

describe('a perturbation', () => {
  test('keeps the published content, and is recorded with what could not be applied', async () => {
    const { task } = await made();
    const perturb = [
      { name: 'wording', strength: 2 },
      { name: 'keys', strength: 1 },
      { name: 'order', strength: 3 },
    ] as const;
    const instance = await instanceOf(task, { seed: 's1', perturb });
    expect(instance.name).toBe('depot/count@s1+wording2+keys1+order3');
    expect(instance.instruction).toContain('How many crates came for Ana?');
    expect(instance.instruction).not.toBe(task.instruction);
    expect(instance.reference).toEqual(task.reference);
    expect(instance.instance).toMatchObject({
      kind: 'perturbation',
      perturbations: [
        { name: 'wording', strength: 2 },
        { name: 'keys', strength: 1, notApplied: expect.stringContaining('perturb.keys') },
        { name: 'order', strength: 3 },
      ],
      tools: { order: { strength: 3, seed: 's1/order' } },
    });
    expect((await instanceOf(task, { seed: 's1', perturb })).digest).toBe(instance.digest);
  });
});
