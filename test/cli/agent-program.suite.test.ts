import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';
import { taskFolder } from './task-folder.ts';

const root = join(import.meta.dirname, '../..');
const example = './test/agent/module/example/agent.ts';
const script = 'py:test/agent/python/example/agent.py';
const faulty = './test/agent/module/fixture/faulty.ts';

interface Trial {
  agent: string;
  outcome: string;
  reward: number;
  steps: number;
  trace: string;
}

const trialsOf = (stdout: string): Trial[] => JSON.parse(stdout).trials;

it('modules, Python files and wrappers run as any agent does, and go on from their records', async () => {
  const out = temporaryFolder();
  const agents = [
    example,
    script,
    `vote(2, ${example})`,
    `escalate(${faulty}:quits, oracle)`,
    `${faulty}:exits`,
  ];
  const args = ['--agent-arg', 'command=echo done > answer.txt', '--agent-arg', 'api_key=sk-secret'];
  const place = ['--sandbox', 'embedded', '--out', out, '--json'];
  const ran = await proctor([
    'run',
    taskFolder(),
    ...agents.flatMap((id) => ['--agent', id]),
    ...args,
    ...place,
  ]);
  const trials = trialsOf(ran.stdout);
  expect(trials.map(({ agent, outcome, reward }) => [agent, outcome, reward])).toEqual(
    agents.map((id) => [id, ...(id.endsWith('exits') ? ['agent-crashed', 0] : ['submitted', 1])]),
  );
  for (const { trace, agent } of trials.slice(0, 3)) {
    const log = readFileSync(join(trace, 'trace.jsonl'), 'utf8');
    expect(log).not.toContain('sk-secret');
    const { id, digest, parameters } = JSON.parse(log.split('\n')[0] ?? '').agent;
    expect({ id, parameters }).toEqual({
      id: agent,
      parameters: { program: { folder: root, arguments: { command: 'echo done > answer.txt' } } },
    });
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  }
  const shown = await proctor(['show', trials[2]?.trace ?? '']);
  expect(shown.stdout).toContain('vote: 2 of 2 for these calls');
  const [recorded] = trials;
  const trace = recorded?.trace ?? '';
  const [replayed, forked, other] = await Promise.all([
    proctor(['replay', trace, '--out', out, '--json']),
    proctor(['fork', trace, '--at', '0', '--out', out, '--json'], { cwd: out }),
    proctor(['fork', trace, '--at', '0', '--agent', script, '--out', out, '--json']),
  ]);
  expect(replayed.code).toBe(0);
  for (const { stdout } of [forked, other])
    expect(trialsOf(stdout)).toMatchObject([{ outcome: 'submitted', reward: 1, steps: 2 }]);
}, 180_000);

it('a solution that an agent in a wrapper had is there again in a replay', async () => {
  const out = temporaryFolder();
  const task = taskFolder({ 'reference.json': null, 'solution/solve.sh': 'echo done > answer.txt\n' });
  const place = ['--sandbox', 'embedded', '--out', out, '--json'];
  const ran = await proctor(['run', task, '--agent', `escalate(${faulty}:quits, oracle)`, ...place]);
  const [trial] = trialsOf(ran.stdout);
  expect(trial?.reward).toBe(1);
  const { code, stdout } = await proctor(['replay', trial?.trace ?? '', '--out', out, '--json']);
  expect([code, stdout]).toEqual([0, expect.any(String)]);
});
