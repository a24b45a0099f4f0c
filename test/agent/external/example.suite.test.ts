import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { TraceEvent } from '../../../src/schema/trace-event.ts';
import { proctor, startProctor } from '../../cli/proctor.ts';
import { temporaryFolder } from '../../folder.ts';
import { hang, message } from '../../model-server/reply.ts';
import { type ModelServer, type Policy, startModelServer } from '../../model-server/server.ts';

const task = 'tasks/quickstart/log-triage';
const key = 'sk-test-0123456789abcdef';
const script: { tool: string; arguments: Record<string, unknown> }[] = JSON.parse(
  readFileSync(`${task}/agents/careful.json`, 'utf8'),
);
let server: ModelServer | undefined;
afterEach(() => server?.close());

/** Answers with the next call of the script, whoever asks. */
const careful: Policy = ({ messages }) => {
  const next = script[messages.filter(({ role }) => role === 'assistant').length];
  return message({
    calls: next ? [{ name: next.tool, arguments: next.arguments as never }] : [],
    usage: { input: 100, output: 10 },
  });
};

it('both examples do a quickstart task, and their whole trace is there', async () => {
  server = await startModelServer(careful, { key });
  const out = temporaryFolder();
  const example = 'test/agent/external/example';
  const agents = [
    `external:node_modules/.bin/jiti ${example}/agent.ts`,
    `external:python3 ${example}/agent.py`,
  ];
  const args = agents.flatMap((agent) => ['--agent', agent]);
  const flags = ['--sandbox', 'embedded', '--json', '--out', out];
  const ran = await proctor(['run', task, ...args, ...flags], {
    env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: key, PROCTOR_EXAMPLE_MODEL: 'gpt-4.1' },
  });
  expect(ran.stderr).not.toContain('unexpected');
  const { trials } = JSON.parse(ran.stdout);
  expect(trials).toHaveLength(2);
  for (const trial of trials) {
    expect(trial).toMatchObject({ outcome: 'submitted', reward: 1, steps: script.length });
    expect(trial.tokens).toEqual({ input: 100 * script.length, output: 10 * script.length });
    expect(trial.costUsd).toBeGreaterThan(0);
    const log = readFileSync(join(trial.trace, 'trace.jsonl'), 'utf8');
    expect(log).not.toContain(key);
    const types = log
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as TraceEvent).type);
    for (const type of ['agent.asked', 'agent.decided', 'policy.judged', 'tool.called', 'tool.returned'])
      expect(types.filter((one) => one === type)).toHaveLength(script.length);
  }
}, 180_000);

it('a fork brings the program to its step with the recorded answers, and asks its model from there on', async () => {
  server = await startModelServer(careful, { key });
  const out = temporaryFolder();
  const env = { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: key, PROCTOR_EXAMPLE_MODEL: 'gpt-4.1' };
  const place = ['--sandbox', 'embedded', '--json', '--out', out];
  const agent = 'external:python3 test/agent/external/example/agent.py';
  const ran = await proctor(['run', task, '--agent', agent, ...place], { env });
  const [trial] = JSON.parse(ran.stdout).trials;
  const before = server.requests.length;
  const forked = await proctor(['fork', trial.trace, '--at', '3', ...place], { env });
  expect(JSON.parse(forked.stdout)).toMatchObject({
    trials: [{ outcome: 'submitted', reward: 1, steps: script.length }],
  });
  expect(server.requests.length - before).toBe(script.length - 4);
}, 120_000);

it('a resume brings it to where the run was killed, and a replay needs neither it nor its model', async () => {
  const out = temporaryFolder();
  const place = ['--sandbox', 'embedded', '--out', out];
  const agent = 'external:python3 test/agent/external/example/agent.py';
  let silent = true;
  const { promise: asked, resolve: heard } = withResolvers();
  server = await startModelServer(
    (request, index) => {
      if (!silent || index < 3) return careful(request, index);
      heard();
      return hang();
    },
    { key },
  );
  const env = { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: key, PROCTOR_EXAMPLE_MODEL: 'gpt-4.1' };
  const started = startProctor(['run', task, '--agent', agent, ...place], { env });
  await Promise.race([asked, started.finished]);
  started.process.kill('SIGKILL');
  await started.finished;
  silent = false;
  const before = server.requests.length;
  const resumed = await proctor(['resume', 'last', '--json', '--out', out], { env });
  expect(JSON.parse(resumed.stdout)).toMatchObject({
    trials: [{ outcome: 'submitted', reward: 1, steps: script.length }],
  });
  expect(server.requests.length - before).toBe(script.length - 3);
  await server.close();
  const again = await proctor(['replay', 'last', '--times', '2', '--json', '--out', out]);
  expect(JSON.parse(again.stdout).replays.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
    'identical',
    'identical',
  ]);
}, 120_000);

function withResolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
