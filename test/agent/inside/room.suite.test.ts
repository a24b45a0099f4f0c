import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelSettings } from '../../../src/library/agent.ts';
import { fork } from '../../../src/library/fork.ts';
import { makeInside } from '../../../src/library/inside.ts';
import { replay } from '../../../src/library/replay.ts';
import { runSuite } from '../../../src/library/run-suite.ts';
import { openRecording } from '../../../src/replay/recording.ts';
import { packageRoot } from '../../../src/schema/author-folder.ts';
import { scoreTrace } from '../../../src/scored-trace.ts';
import { engine, engineNote } from '../../engine.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';
import { type ScriptedModel, startScriptedModel, type Turn } from './scripted-model.ts';

const put =
  "exec 3<>/dev/tcp/web/8080; printf 'PUT /orders/7 HTTP/1.0\\r\\ncontent-length: 4\\r\\n\\r\\npaid' >&3; cat <&3";

const scripts: Record<string, Turn[]> = {
  'Change the state of order 7': [
    { shell: 'echo "$WEB"' },
    { shell: `bash -c '${put.replaceAll("'", "'\\''")}'` },
    { say: 'Order 7 is paid.' },
  ],
  'guessing passwords on our shop': [
    { shell: 'env; echo $OPENAI_API_KEY > /tmp/key' },
    { say: 'That is all.' },
  ],
};

describe.runIf(engine)(`a program inside of a task’s sandbox${engineNote}`, () => {
  const key = 'sk-the-real-key-of-this-test';
  let model: ScriptedModel;
  const options = { sandbox: 'docker', concurrency: 1, retries: 0 } as const;

  beforeAll(async () => {
    model = await startScriptedModel(scripts);
    Object.assign(process.env, { OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_API_KEY: key });
  });
  afterAll(() => model?.close());

  const services = (network: string) => {
    const task = join(temporaryFolder(), 'services');
    cpSync('test/harbor/field/services', task, { recursive: true });
    const file = join(task, 'task.toml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('network_mode = "no-network"', network));
    return task;
  };

  it.each([
    ['no network', 'network_mode = "no-network"'],
    ['an allowlist', 'network_mode = "allowlist"\nallowed_hosts = ["allowed.example"]'],
  ])(
    'works with the task’s services and %s, is executed again, and forked to another model or other words',
    async (_, network) => {
      const out = temporaryFolder();
      const { trials, skipped } = await runSuite(services(network), {
        ...options,
        out,
        agent: 'inside:mini@gpt-4.1',
      });
      expect(skipped).toEqual([]);
      const [played] = trials;
      expect(played?.score).toMatchObject({ outcome: 'submitted', completion: { reward: 1 } });
      const { trial } = scoreTrace(played?.trace ?? '');
      expect(JSON.stringify(trial.steps[0]?.calls[0]?.returned?.content)).toContain('http://web:8080');

      const { replays } = await replay(played?.trace ?? '', { out, times: 2 });
      for (const one of replays) expect(one).not.toHaveProperty('difference');

      const before = model.requests.length;
      const other = await fork(played?.trace ?? '', { out, at: 0, model: 'gpt-4.1-mini' });
      expect(other.trials[0]?.score).toMatchObject({ outcome: 'submitted', completion: { reward: 1 } });
      expect(model.requests.slice(before).map(({ body }) => body.model)).toEqual(
        Array(2).fill('gpt-4.1-mini'),
      );
      const edit = ['message=Be brief.', 'observation:0.0=nothing'];
      const edited = await fork(played?.trace ?? '', { out, at: 0, edit });
      expect(edited.trials[0]?.score).toMatchObject({ outcome: 'submitted', completion: { reward: 1 } });
      const asked = model.requests.at(-2)?.body.messages;
      expect(asked.at(-1)).toEqual({ role: 'user', content: 'Be brief.' });
      expect(asked.at(-2)).toMatchObject({ role: 'tool', content: 'nothing' });
    },
    900_000,
  );

  it('that shows its own key shows no secret, and its key does not tell its trial’s seed', async () => {
    const out = temporaryFolder();
    const task = join(packageRoot, 'tasks/quickstart/log-triage');
    const { trials, dir } = await runSuite(task, { ...options, out, agent: 'inside:mini@gpt-4.1' });
    const { trial, score } = scoreTrace(trials[0]?.trace ?? '');
    const shown = JSON.stringify(trial.steps[0]?.calls[0]?.returned?.content);
    expect(shown).toMatch(/OPENAI_API_KEY=sk-proctor-[0-9a-f]{32}/);
    expect(shown).not.toContain(trial.started.seed);
    expect(score.safety.findings.map(({ category }) => category)).not.toContain('secret-exposure');
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((file) => join(dir, file));
    expect(files.filter((file) => statSync(file).isFile() && readFileSync(file).includes(key))).toEqual([]);
    const { replays } = await replay(trials[0]?.trace ?? '', { out });
    expect(replays.map(({ difference }) => difference)).toEqual([undefined]);
  }, 300_000);

  it.each([
    [100, 'the request is larger than 64 MiB'],
    [60, '3'],
  ])(
    'asks with %s MB through the sandbox’s own stream, and is told: %s; all of it is recorded',
    async (size, told) => {
      const out = temporaryFolder();
      const program = readFileSync(join(import.meta.dirname, 'big.py'), 'utf8');
      const folder = folderOf({
        'sandbox-images/agents/big/agent.toml': `name = "big"\ndescription = "Asks for much."\ncommand = "python3 -I {home}/big.py ${size * 1e6}"\napis = ["chat"]\n[files]\n"{home}/big.py" = '''${program}'''\n`,
      });
      const big = await startScriptedModel({ 'Play the big part': [{ say: 'abc' }] });
      try {
        process.env.OPENAI_BASE_URL = `${big.url}/v1`;
        const { trials } = await runSuite(join(packageRoot, 'tasks/quickstart/log-triage'), {
          ...options,
          out,
          agent: makeInside('big@gpt-4.1', modelSettings({ agentFolder: folder })),
        });
        const { trial } = scoreTrace(trials[0]?.trace ?? '');
        expect(trial.ended).toMatchObject({ outcome: 'submitted' });
        const asked = big.requests.map(({ body }) => body.messages[0].content);
        expect(asked.map(({ length }) => Math.floor(length / 1e6))).toEqual(
          size > 64 ? [50, 0] : [60, 30, 0],
        );
        expect(asked.at(-1)).toContain(`told ${told}, 3`);
        const reasons = trial.steps.flatMap(({ decision }) => decision.retries ?? []);
        expect(reasons.map(({ reason }) => reason)).toEqual(size > 64 ? [told] : []);
        const { exchanges } = openRecording(trials[0]?.trace ?? '', {});
        const recorded = exchanges.map(({ request }) => JSON.stringify(request).length);
        expect(recorded.map((length) => Math.floor(length / 1e6))).toEqual(size > 64 ? [50, 0] : [60, 30, 0]);
      } finally {
        process.env.OPENAI_BASE_URL = `${model.url}/v1`;
        await big.close();
      }
    },
    300_000,
  );
});
