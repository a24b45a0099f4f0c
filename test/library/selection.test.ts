import { expect, test } from 'vitest';
import { selectSuite } from '../../src/library/run-suite.ts';
import { folderOf } from '../folder.ts';

const task = { 'task.toml': '', 'instruction.md': 'Do it.', 'environment/data.txt': 'data' };
const ours = {
  ...task,
  'proctor.toml': 'environment = "shell"\n[verify]\nby = "answer"\nexact = "1"\n',
  'reference.json': '[]',
};
const suite = (tasks: Record<string, Record<string, string>>) =>
  folderOf(
    Object.fromEntries(
      Object.entries(tasks).flatMap(([name, files]) =>
        Object.entries(files).map(([path, text]) => [`suite/${name}/${path}`, text]),
      ),
    ),
  );

/** Which trials there are, which tasks are skipped, and what was said. */
async function selected(tasks: Record<string, Record<string, string>>) {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const options = { agent: ['oracle', 'nop'], sandbox: 'embedded', say } as const;
  const chosen = await selectSuite(`${suite(tasks)}/suite`, options);
  return {
    trials: chosen.trials.map((trial) => `${trial.agent.id} ${trial.task.name}`),
    skipped: chosen.skipped.map((one) => `${one.task}: ${one.reason}`),
    said,
  };
}

const { 'reference.json': _, ...unsolved } = ours;

test('tasks that can’t be used are named with file, field and what was expected, and the others run', async () => {
  const { trials, skipped, said } = await selected({
    good: ours,
    unread: { ...ours, 'task.toml': '[agent]\ntimeout_sec = "soon"\n' },
    homeless: {
      ...ours,
      'proctor.toml': 'environment = "nowhere-to-be-found"\n[verify]\nby = "answer"\nexact = "1"\n',
    },
    unset: { ...ours, 'task.toml': '[environment]\nenv = { A = "${NOT_SET_ANYWHERE}" }\n' },
  });
  expect(trials).toEqual(['oracle suite/good', 'nop suite/good']);
  expect(skipped.sort()).toEqual([
    expect.stringMatching(/^suite\/homeless: .*nowhere-to-be-found/),
    expect.stringMatching(/^suite\/unread: .*task\.toml: agent\.timeout_sec: expected number/),
    expect.stringMatching(/^suite\/unset: .*environment\.env A: the variable NOT_SET_ANYWHERE/),
  ]);
  expect(said).toHaveLength(3);
});

test('a task without a solution is left out for the oracle alone', async () => {
  const { trials, skipped } = await selected({ good: ours, unsolved });
  expect(trials).toEqual(['oracle suite/good', 'nop suite/good', 'nop suite/unsolved']);
  expect(skipped).toEqual([expect.stringMatching(/^suite\/unsolved: .*nothing for the oracle to play/)]);
});

test('where no task is left, the first mistake is thrown', async () => {
  await expect(selected({ one: unsolved, two: unsolved })).rejects.toThrow(/nothing for the oracle to play/);
  const bad = { ...ours, 'task.toml': 'agent = 1\n' };
  await expect(selected({ one: bad, two: bad })).rejects.toThrow(/one\/task\.toml: agent: expected object/);
});
