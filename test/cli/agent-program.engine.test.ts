import { expect, it } from 'vitest';
import { temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';
import { taskFolder } from './task-folder.ts';

const example = './test/agent/module/example/agent.ts';
const script = 'py:test/agent/python/example/agent.py';
const faulty = './test/agent/module/fixture/faulty.ts';

it('a module and a Python file do a task with the argument that both are given', async () => {
  const given = ['--agent', example, '--agent', script, '--agent-arg', 'command=echo done > answer.txt'];
  const place = ['--sandbox', 'embedded', '--out', temporaryFolder(), '--json'];
  const { trials } = JSON.parse((await proctor(['run', taskFolder(), ...given, ...place])).stdout);
  expect(trials).toMatchObject([
    { agent: example, outcome: 'submitted', reward: 1, steps: 2 },
    { agent: script, outcome: 'submitted', reward: 1, steps: 2 },
  ]);
});

it.each([
  [
    `${faulty}:notAnAgent`,
    [],
    `agent ${faulty}:notAnAgent: expected an export "notAnAgent" that is a function`,
  ],
  ['vote(2, external:sh)', [], "agent 'external:sh': 'external' can’t be wrapped"],
  [example, ['--agent-arg', 'x'], '--agent-arg x: expected name=value'],
])('says of --agent %s in one line what is wrong', async (agent, args, problem) => {
  const { code, stderr } = await proctor([
    'run',
    taskFolder(),
    '--sandbox',
    'embedded',
    '--agent',
    agent,
    ...args,
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(
    `proctor: ${problem.startsWith("'") ? `agent 'external:sh': ${problem}` : problem}`,
  );
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
