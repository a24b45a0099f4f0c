import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../folder.ts';
import { messageOf, startAnthropic } from '../model-server/anthropic.ts';
import type { Answered, EventServer } from '../model-server/event-server.ts';
import { contentOf, startGoogle } from '../model-server/google.ts';
import { proctor } from './proctor.ts';

const task = 'tasks/quickstart/log-triage';
const key = 'key-0123456789abcdef';

/** What the careful script does, each step as an answer of a model. */
const script: { tool: string; arguments: object }[] = JSON.parse(
  readFileSync(`${task}/agents/careful.json`, 'utf8'),
);

interface Api {
  id: string;
  start(answers: readonly Answered[], key?: string): Promise<EventServer>;
  answer(tool: string, args: object, index: number): Answered;
  env(url: string, key: string): Record<string, string>;
  /** What has to come back of each decision. */
  secret: string;
}

const apis: Api[] = [
  {
    id: 'anthropic:claude-test',
    start: startAnthropic,
    answer: (name, input, index) =>
      messageOf([
        { type: 'thinking', thinking: 'Hm.', signature: `sig-${index}` },
        { type: 'tool_use', id: `toolu_${index}`, name, input },
      ]),
    env: (url, key) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: key }),
    secret: 'sig-',
  },
  {
    id: 'google:gemini-test',
    start: startGoogle,
    answer: (name, args, index) =>
      contentOf([{ functionCall: { name, args }, thoughtSignature: `sig-${index}` }]),
    env: (url, key) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key }),
    secret: 'sig-',
  },
];

describe.each(apis)('$id', ({ id, start, answer, env, secret }) => {
  const run = async (server: EventServer, ...flags: string[]) => {
    onTestFinished(() => server.close());
    const out = temporaryFolder();
    const args = ['run', task, '--agent', id, '--sandbox', 'embedded', '--json', '--out', out, ...flags];
    return proctor(args, { env: env(server.url, key) });
  };

  it('works through a task, shows its signatures again at every step, and its trial is replayed', async () => {
    const answers = script.map((step, index) => answer(step.tool, step.arguments, index));
    const server = await start(answers, key);
    const { code, stdout } = await run(server, '--price', 'in=3,out=15');
    expect(code).toBe(0);
    const [trial] = JSON.parse(stdout).trials;
    expect(trial).toMatchObject({
      outcome: 'submitted',
      reward: 1,
      steps: script.length,
      tokens: { input: 10 * script.length, output: 5 * script.length },
      costUsd: expect.closeTo((script.length * (10 * 3 + 5 * 15)) / 1e6, 9),
    });
    expect(server.requests.at(-1)?.text.match(new RegExp(secret, 'g'))).toHaveLength(script.length - 1);
    expect(readFileSync(join(trial.trace, 'trace.jsonl'), 'utf8')).not.toContain(key);
    const replayed = await proctor(['replay', trial.trace, '--sandbox', 'embedded']);
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringMatching(/identical|equivalent/) });
  });

  it('ends a run before any sandbox is opened where its key is refused', async () => {
    const { code, stderr } = await run(await start([], 'another'));
    expect(code).toBe(3);
    expect(stderr).toContain(`${id}: http://`);
    expect(stderr).toMatch(/refused the key: 40[01] /);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
