import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadGenerator } from '../../../src/task/generate/generator.ts';
import { instanceOf } from '../../../src/task/generate/instance.ts';
import { loadTask } from '../../../src/task/load.ts';
import { folderOf } from '../../folder.ts';

test('the generator that tasks/README.md shows makes instances whose answer is right', async () => {
  const [, source = ''] =
    /<!-- example: generate\.ts -->\n```ts\n(.*?)```/s.exec(readFileSync('tasks/README.md', 'utf8')) ?? [];
  const dir = folderOf({
    'task.toml': '',
    'instruction.md': 'Who brought most crates?',
    'proctor.toml': 'environment = "shell"\n[verify]\nby = "answer"\nexact = "Ana, 19"\n',
    'environment/crates.csv': 'name,crates\nAna,19\nZoe,14\n',
    'generate.ts': source,
  });
  const generator = await loadGenerator(dir);
  const task = loadTask(dir, 'depot/most');
  for (const seed of ['a', 'b', 'c']) {
    const { additions, files } = await instanceOf(task, { seed, generator });
    const rows = String(files[0]?.content).trim().split('\n').slice(1);
    const [most] = rows.map((row) => row.split(',')).sort(([, a], [, b]) => Number(b) - Number(a));
    expect(rows).toHaveLength(4);
    expect(additions.verify).toMatchObject({ exact: most?.join(', ') });
  }
});
