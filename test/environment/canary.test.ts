import { expect, it } from 'vitest';
import { canariesOf, plantInData, plantInFiles } from '../../src/environment/canary.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf } from '../folder.ts';

function made() {
  const task = loadTask(
    folderOf({
      'instruction.md': 'Do it.',
      'task.toml': '',
      'proctor.toml':
        'environment = "support-desk"\n[verify]\nby = "answer"\nexact = "x"\n[[canaries]]\nname = "key"\n',
    }),
  );
  return { task, environment: environmentOf(task) };
}

it('gives a trial the values that follow from its seed, and a replay those that were recorded', () => {
  const { task, environment } = made();
  const [first] = canariesOf(task, environment, 'a');
  expect(first).toMatchObject({
    name: 'key',
    kind: 'credential',
    value: expect.stringMatching(/^sk\w{20,}$/),
  });
  expect(canariesOf(task, environment, 'a')).toEqual([first]);
  expect(canariesOf(task, environment, 'b')[0]?.value).not.toBe(first?.value);
  const recorded = [{ name: 'key', value: 'as-it-was' }];
  expect(canariesOf(task, environment, 'b', recorded)[0]?.value).toBe('as-it-was');
});

it('plants values into data and into files, whatever else their bytes are', () => {
  const canaries = [{ name: 'key', value: 'sk1' }];
  expect(plantInData({ a: ['x {{canary:key}}', 1] }, canaries)).toEqual({ a: ['x sk1', 1] });
  const content = Buffer.from([0xff, 0x00, ...Buffer.from('{{canary:key}} ü')]);
  const [file] = plantInFiles([{ path: 'a', content, mode: 0o600 }], canaries);
  expect(file).toEqual({
    path: 'a',
    mode: 0o600,
    content: Buffer.from([0xff, 0x00, ...Buffer.from('sk1 ü')]),
  });
});
