import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import { selectSets } from '../../src/comparison/select-set.ts';
import { completedCanaries } from '../../src/contamination/canary.ts';
import { runSuite } from '../../src/library/run-suite.ts';
import { textOf } from '../../src/schema/content.ts';
import { folderOf, temporaryFolder } from '../folder.ts';

const key = (value: string) => `canaries = [{ name = "key", path = "${value}" }]`;
const files = {
  'task.toml': '[metadata]\ndifficulty = "easy"\n',
  'instruction.md': 'How many crates came for Ana? See crates.txt.\n',
  'environment/crates.txt': 'Ana 12\n',
  'reference.json': '[{"tool": "submit", "arguments": {"answer": "12"}}]',
  'generate.ts': 'export default () => ({ words: { Ana: "Bo" } });',
};
const settings = 'environment = "shell"\n[verify]\nby = "answer"\nexact = "12"\n';
const suite = () =>
  folderOf(
    Object.fromEntries(
      [
        ['keyed', `${key('key.txt')}\n${settings}`],
        ['plain', settings],
      ].flatMap(([name, proctor = '']) =>
        Object.entries({ ...files, 'proctor.toml': proctor }).map(([path, text]) => [
          `${name}/${path}`,
          text,
        ]),
      ),
    ),
  );

/** Reads the key and says it again; one with a memory says what it read first, wherever it is. */
function reader(id: string, remembers: boolean): Agent {
  let first: string | undefined;
  return {
    id,
    open: async () => ({
      decide: async ({ steps }) => {
        const read = steps[0]?.observations[0];
        const bash = (command: string) => ({ calls: [{ tool: 'bash', arguments: { command } }] });
        if (!read) return bash('cat key.txt');
        const seen = textOf(read.content).trim();
        first ??= seen;
        if (steps.length === 1) return bash(`echo ${remembers ? first : seen} | wc -c`);
        return { calls: [{ tool: 'submit', arguments: { answer: '12' } }] };
      },
      close: async () => {},
    }),
  };
}

test('a planted value of the published instance is completed where a trial that never showed it names it', async () => {
  const out = temporaryFolder();
  const { dir } = await runSuite(suite(), {
    agent: [reader('remembers', true), reader('looks', false)],
    ...{ instances: 1, contrast: true, perturb: 'wording', sandbox: 'embedded', out, concurrency: 1 },
  });
  const trials = selectSets([dir], out, { task: [], tag: [], agent: [] }).flatMap((set) => set.trials);
  const remembered = completedCanaries(trials, 'remembers');
  expect(remembered).toMatchObject({ values: 1, trials: 3 });
  const { completed } = remembered as Exclude<typeof remembered, { unscored: string }>;
  expect(completed.map(({ base, name, step }) => [base, name, step])).toEqual([
    [expect.stringMatching(/keyed$/), 'key', 1],
    [expect.stringMatching(/keyed$/), 'key', 1],
  ]);
  expect(completed.map(({ trial }) => join(out, trial)).sort()).toEqual(
    trials
      .filter(({ agent, instance, task }) => agent === 'remembers' && instance && task.includes('keyed'))
      .map((trial) => trial.dir)
      .sort(),
  );
  expect(completedCanaries(trials, 'looks')).toMatchObject({ trials: 3, completed: [] });
  expect(
    completedCanaries(
      trials.filter(({ task }) => task.includes('plain')),
      'looks',
    ),
  ).toEqual({ unscored: expect.stringContaining('planted values') });
});
