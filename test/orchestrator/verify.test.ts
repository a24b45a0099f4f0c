import { describe, expect, it } from 'vitest';
import { ProctorError } from '../../src/errors.ts';
import { act } from '../../src/orchestrator/act.ts';
import { decide } from '../../src/orchestrator/decide.ts';
import { provision } from '../../src/orchestrator/provision.ts';
import type { TrialContext } from '../../src/orchestrator/trial-machine.ts';
import { verify } from '../../src/orchestrator/verify.ts';
import { type FakeSandbox, fakeSandbox, type Shell } from './fake-sandbox.ts';
import { bash, type Made, made, sessionOf, signal, submit } from './live.ts';

const context: TrialContext = {
  limits: {},
  phaseSeconds: [30],
  phase: 0,
  steps: 1,
  decided: 1,
  tokens: 0,
  costUsd: 0,
  outcome: 'submitted',
};

/** A shell in which `tests/test.sh` leaves these files. */
const tests =
  (left: Record<string, string>, said: Awaited<ReturnType<Shell>> = {}): Shell =>
  (command, files) => {
    if (command.endsWith(' /tests/test.sh')) {
      for (const [path, text] of Object.entries(left)) files.set(path, text);
      return said;
    }
    const [, path = ''] = /head -c \d+ (\S+)/.exec(command) ?? [];
    if (path === '') return undefined;
    const text = files.get(path);
    return text === undefined ? { exitCode: 1 } : { stdout: text };
  };

const rewarded = (reward: string) => fakeSandbox(tests({ '/logs/verifier/reward.txt': reward }));
const script = (more = '') => ({
  'proctor.toml': `environment = "shell"\n[verify]\nby = "script"\n${more}`,
  'tests/test.sh': 'true',
});

/** A sandbox whose tests never end. */
const late = () => fakeSandbox(tests({}, { timedOut: true }));

/** Provisions a trial, has its agent take its steps, and verifies what it left. */
async function verified(
  parts: Made,
  ended: Partial<TrialContext> = {},
  ...decisions: ReturnType<typeof submit>[]
) {
  const steps = decisions.length > 0 ? decisions : [submit()];
  const trial = made({ agent: { open: async () => sessionOf(steps) }, ...parts });
  await provision(trial.live, signal);
  for (const _ of steps) {
    await decide(trial.live, signal);
    await act(trial.live, signal);
  }
  const verdict = verify(trial.live, { ...context, ...ended }, 0, signal);
  return { ...trial, verdict };
}

describe('verifying by the answer', () => {
  const asks = (demand: string): Made => ({
    task: { 'proctor.toml': `environment = "shell"\n[verify]\nby = "answer"\n${demand}\n` },
  });

  it.each([
    ['exact = "done"', ' done ', 1],
    ['exact = "done"', 'Done', 0],
    ['number = 1200\ntolerance = 1', '1,200.5', 1],
    ['number = 1200', '1201', 0],
    ['pattern = "a+"', 'aaa', 1],
    ['pattern = "a+"', 'aaab', 0],
  ])('%s: %j gives %d', async (demand, answer, reward) => {
    const { verdict } = await verified(asks(demand), {}, submit(answer));
    expect((await verdict).rewards).toMatchObject({ reward });
  });

  it('takes no answer for a wrong one', async () => {
    const { verdict } = await verified(
      asks('exact = "done"'),
      {},
      { calls: [{ tool: 'submit', arguments: {} }] },
    );
    expect(await verdict).toMatchObject({
      rewards: { reward: 0 },
      checks: [{ detail: 'no answer was submitted' }],
    });
  });
});

describe('verifying by the state', () => {
  const made =
    '[verify]\nby = "state"\nmay_change = ["/home/agent/work/made"]\n[[verify.must]]\nname = "made"\ncheck = \'"/home/agent/work/made" in state\'\n';
  const task = { 'proctor.toml': `environment = "shell"\n${made}` };
  const touch: Shell = (command, files) => void (command.startsWith('/') && files.set(command, 'x'));

  it('passes where all demands hold and nothing else changed', async () => {
    const { verdict, of } = await verified(
      { task, sandbox: fakeSandbox(touch) },
      {},
      bash('/home/agent/work/made'),
    );
    expect((await verdict).rewards).toEqual({ reward: 1, checks: 1 });
    expect(of('sandbox.quiesced')).toHaveLength(1);
  });

  it('fails where something changed that may not, and names it', async () => {
    const both = bash('/home/agent/work/made', '/home/agent/work/other');
    const { verdict } = await verified({ task, sandbox: fakeSandbox(touch) }, {}, both);
    expect(await verdict).toMatchObject({
      rewards: { reward: 0, checks: 0.5 },
      checks: [{ passed: true }, { passed: false, detail: 'changed: /home/agent/work/other' }],
    });
  });

  it('fails what can be judged of the state at the start, but not of what was made of it', async () => {
    const mode = '["/home/agent/work/it"].size';
    const sandbox = fakeSandbox(touch);
    const check = `"/home/agent/work/it" in state ? state${mode} + "x" == "y" : true`;
    const asked = `[verify]\nby = "state"\n[[verify.must]]\nname = "it"\ncheck = '${check}'\n`;
    const made = { task: { 'proctor.toml': `environment = "shell"\n${asked}` }, sandbox };
    const { verdict } = await verified(made, {}, bash('/home/agent/work/it'));
    expect(await verdict).toMatchObject({
      rewards: { reward: 0 },
      checks: [{ name: 'it', passed: false }, {}],
    });
  });

  it('is the harness’s failure where the state before the first step is not known', async () => {
    const sandbox = fakeSandbox();
    const { survey } = sandbox.files;
    let asked = 0;
    sandbox.files.survey = (paths) =>
      asked++ === 0 ? Promise.reject(new ProctorError('sandbox-failed', 'busy')) : survey(paths);
    const { verdict } = await verified({ task, sandbox });
    await expect(verdict).rejects.toMatchObject({ code: 'verifier-failed' });
  });
});

describe('verifying by tests', () => {
  it('runs them in a fresh sandbox that holds what the agent left, and takes their reward', async () => {
    const fresh = rewarded('0.5');
    const sandbox = fakeSandbox(
      (command, files) => void (command === 'make' && files.set('/home/agent/work/made', 'x')),
      {
        info: { ...fakeSandbox().info, workdir: '/home/agent/work' },
      },
    );
    const { verdict, of } = await verified({ task: script(), sandbox, later: [fresh] }, {}, bash('make'));
    expect(await verdict).toMatchObject({ where: 'fresh', rewards: { reward: 0.5 }, integrity: [] });
    expect(fresh.held.get('/home/agent/work/made')).toBe('x');
    expect(fresh.closed).toBe(true);
    expect(of('sandbox.opened').map(({ purpose }) => purpose)).toEqual(['work', 'verify']);
    expect(of('verifier.returned')).toMatchObject([{ phase: 0, by: 'script', where: 'fresh' }]);
  });

  it('runs them where the agent worked, if they ask for it', async () => {
    const { verdict, sandbox, of } = await verified({
      task: script('where = "live"'),
      sandbox: rewarded('1'),
    });
    expect(await verdict).toMatchObject({ where: 'live', rewards: { reward: 1 } });
    expect(of('sandbox.opened')).toHaveLength(1);
    expect(sandbox.ran.some((command) => command.endsWith(' /tests/test.sh'))).toBe(true);
  });

  it('keeps several rewards, and the tests’ own report', async () => {
    const fresh = fakeSandbox(
      tests({
        '/logs/verifier/reward.json': '{"speed": 1, "reward": 0.2}',
        '/logs/verifier/ctrf.json': '{"results": {}}',
      }),
    );
    const { verdict } = await verified({ task: script(), later: [fresh] });
    expect(await verdict).toMatchObject({ rewards: { speed: 1, reward: 0.2 }, ctrf: '{"results": {}}' });
  });

  it.each([
    ['reward-missing', {}],
    ['reward-empty', { '/logs/verifier/reward.txt': ' ' }],
  ])('gives the agent nothing where %s, and an untouched sandbox gives a reward', async (code, left) => {
    const later: FakeSandbox[] = [fakeSandbox(tests(left)), rewarded('0')];
    const { verdict } = await verified({ task: script(), later });
    expect(await verdict).toMatchObject({ rewards: { reward: 0 }, error: { code, fault: 'agent' } });
  });

  it('is the harness’s failure where an untouched sandbox gives no reward either', async () => {
    const { verdict, of } = await verified({ task: script(), later: [fakeSandbox(tests({}))] });
    await expect(verdict).rejects.toMatchObject({
      code: 'verifier-failed',
      message: expect.stringContaining('even in an untouched sandbox'),
    });
    expect(of('verifier.returned')).toMatchObject([{ rewards: null, error: { fault: 'harness' } }]);
  });

  it('blames a runner that could not be had on the harness, where nothing was given for want of it', async () => {
    const missing = () =>
      fakeSandbox(
        tests({ '/logs/verifier/reward.txt': '0' }, { stderr: 'test.sh: line 3: uvx: command not found\n' }),
      );
    const { verdict, of } = await verified({ task: script(), later: [missing()] });
    await expect(verdict).rejects.toMatchObject({ code: 'verifier-failed' });
    expect(of('verifier.returned')).toMatchObject([{ error: { code: 'verifier-runner-missing' } }]);
  });

  it('tells a time-out from a reward', async () => {
    const { verdict } = await verified({ task: script(), later: [late(), late(), rewarded('0')] });
    expect(await verdict).toMatchObject({
      rewards: { reward: 0 },
      error: { code: 'verifier-timeout', fault: 'agent' },
    });
  });

  it('runs tests that took too long once more, with more time, and takes what they give then', async () => {
    const given: (number | undefined)[] = [];
    const timed = (shell: Shell) =>
      fakeSandbox((command, files, options) => {
        if (command.endsWith(' /tests/test.sh')) given.push(options.timeoutMs);
        return shell(command, files, options);
      });
    const later = [timed(tests({}, { timedOut: true })), timed(tests({ '/logs/verifier/reward.txt': '1' }))];
    const { verdict } = await verified({
      task: { ...script(), 'task.toml': '[verifier]\ntimeout_sec = 60\n' },
      later,
    });
    expect(await verdict).toMatchObject({ rewards: { reward: 1 } });
    expect(given).toEqual([60_000, 180_000]);
    expect((await verdict).checks).toMatchObject([
      { detail: 'tests/test.sh took longer than 60 s, and was run again in another sandbox with 180 s' },
    ]);
  });

  it('runs live tests that took too long once more in the same sandbox, and says so', async () => {
    let runs = 0;
    const sandbox = fakeSandbox((command, files, options) => {
      const isFirst = command.endsWith(' /tests/test.sh') && ++runs === 1;
      const shell =
        runs === 1 ? tests({}, { timedOut: isFirst }) : tests({ '/logs/verifier/reward.txt': '1' });
      return shell(command, files, options);
    });
    const task = { ...script('where = "live"'), 'task.toml': '[verifier]\ntimeout_sec = 60\n' };
    const { verdict, of } = await verified({ task, sandbox });
    expect(await verdict).toMatchObject({ rewards: { reward: 1 } });
    expect((await verdict).checks).toMatchObject([
      { detail: 'tests/test.sh took longer than 60 s, and was run again with 180 s' },
    ]);
    expect([runs, of('sandbox.opened').length]).toEqual([2, 1]);
  });

  it('is the harness’s failure where an untouched sandbox takes too long as well', async () => {
    const { verdict } = await verified({ task: script(), later: [late()] });
    await expect(verdict).rejects.toMatchObject({
      message: expect.stringMatching(
        /took longer than 1200 s; in an untouched sandbox, tests.test.sh took longer than 600 s/,
      ),
    });
  });

  it('takes a reward that was written before tests were stopped, and says so', async () => {
    const stopped = () => fakeSandbox(tests({ '/logs/verifier/reward.txt': '0.5' }, { timedOut: true }));
    const { verdict } = await verified({ task: script(), later: [stopped()] });
    expect(await verdict).toMatchObject({
      rewards: { reward: 0.5 },
      checks: [{ detail: expect.stringContaining('what it had written counts') }],
    });
  });

  it.each([
    ['curl: (6) could not resolve host: example.test\n', '1'],
    ['x: pytest: command not found\n', '0.5'],
    ['x: pytest: command not found\n==== 1 failed, 2 passed in 0.10s ====\n', '0'],
  ])('takes a reward that tests gave before words in their output: %j', async (stdout, reward) => {
    const fresh = fakeSandbox(tests({ '/logs/verifier/reward.txt': reward }, { stdout }));
    const { verdict } = await verified({ task: script(), later: [fresh] });
    const found = await verdict;
    expect(found).toMatchObject({ rewards: { reward: Number(reward) } });
    expect(found).not.toHaveProperty('error');
  });

  it.each([
    ['reward.txt', '85%'],
    ['reward.txt', 'true'],
    ['reward.txt', 'nan'],
    ['reward.txt', 'inf'],
    ['reward.json', '{"reward": true}'],
    ['reward.json', '{"reward": NaN}'],
    ['reward.json', '{"reward": 1, "of": {"a": 1}}'],
    ['reward.json', '{}'],
    ['reward.json', '0.5'],
  ])(
    'is the harness’s failure where %s holds %s, though untouched work gives a reward',
    async (file, text) => {
      const fresh = fakeSandbox(tests({ [`/logs/verifier/${file}`]: text }));
      const { verdict, of } = await verified({ task: script(), later: [fresh, rewarded('0')] });
      await expect(verdict).rejects.toMatchObject({
        code: 'verifier-failed',
        message: expect.stringContaining(`${file} holds ${JSON.stringify(text)}, expected a number`),
      });
      expect(of('verifier.returned')).toMatchObject([{ rewards: null, error: { code: 'reward-no-number' } }]);
    },
  );

  it.each([
    ['', '5', 'reward is 5, expected 0 to 1'],
    ['', '-0.1', 'reward is -0.1, expected 0 to 1'],
    ['range = [0, 100]', '101', 'reward is 101, expected 0 to 100'],
  ])('refuses a reward outside its range: %s %s', async (range, reward, message) => {
    const { verdict } = await verified({ task: script(range), later: [rewarded(reward), rewarded('0')] });
    await expect(verdict).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  it('takes a reward as its share of the range that is declared, and says so', async () => {
    const json = { '/logs/verifier/reward.json': '{"reward": 85, "seconds": 350}' };
    const { verdict } = await verified({
      task: script('range = [-15, 185]'),
      later: [fakeSandbox(tests(json))],
    });
    expect(await verdict).toMatchObject({
      rewards: { reward: 0.5, seconds: 350 },
      checks: [{ detail: 'reward 85, written in the range -15 to 185' }],
    });
  });

  it('blames work on the agent that no fresh sandbox can take, though an untouched one can be had', async () => {
    const refusing = () => {
      const sandbox = fakeSandbox();
      const { write } = sandbox.files;
      sandbox.files.write = (files, options) =>
        files.some(({ path }) => path.endsWith('/made'))
          ? Promise.reject(new ProctorError('sandbox-failed', 'the path is too deep'))
          : write(files, options);
      return sandbox;
    };
    const sandbox = fakeSandbox(
      (command, files) => void (command === 'make' && files.set('/home/agent/work/made', 'x')),
      { info: { ...fakeSandbox().info, workdir: '/home/agent/work' } },
    );
    const later = [refusing(), refusing(), rewarded('0')];
    const { verdict } = await verified({ task: script(), sandbox, later }, {}, bash('make'));
    expect(await verdict).toMatchObject({
      rewards: { reward: 0 },
      error: { code: 'sandbox-failed', fault: 'agent' },
    });
  });

  it('names what was changed of that which the verification relies on', async () => {
    const tamper = fakeSandbox((_, files) => void files.set('/usr/bin/python3', 'mine'));
    const { verdict } = await verified(
      { task: script(), sandbox: tamper, later: [rewarded('1')] },
      {},
      bash('tamper'),
    );
    expect(await verdict).toMatchObject({ integrity: ['created /usr/bin/python3'] });
  });
});

describe('whatever the outcome', () => {
  it('fails closed where the agent broke its sandbox', async () => {
    const sandbox = fakeSandbox(() => undefined, {
      quiesce: () => Promise.reject(new ProctorError('sandbox-broken', 'it is gone')),
    });
    const { verdict } = await verified({ task: script(), sandbox });
    expect(await verdict).toMatchObject({
      rewards: { reward: 0 },
      error: { code: 'sandbox-broken', fault: 'agent' },
    });
  });

  it('throws another failure of the sandbox', async () => {
    const sandbox = fakeSandbox(() => undefined, {
      quiesce: () => Promise.reject(new ProctorError('engine-unreachable', 'no engine')),
    });
    const { verdict } = await verified({ task: script(), sandbox });
    await expect(verdict).rejects.toMatchObject({ code: 'engine-unreachable' });
  });

  it('records the limit that was reached, a time limit with what the phase had', async () => {
    const slow = await verified({}, { outcome: 'timed-out', phaseSeconds: [4, 9] });
    await slow.verdict;
    expect(slow.of('limit.reached')).toMatchObject([{ step: 0, limit: 'seconds', max: 4 }]);
    const many = await verified({}, { outcome: 'out-of-tokens', limits: { tokens: 5 }, tokens: 7 });
    await many.verdict;
    expect(many.of('limit.reached')).toMatchObject([{ step: 0, limit: 'tokens', value: 7, max: 5 }]);
  });

  it('closes the last step first, and records what the agent left running', async () => {
    const sandbox = fakeSandbox(() => undefined, {
      quiesce: async () => ({ count: 21, processes: Array.from({ length: 21 }, (_, at) => `p${at}`) }),
    });
    const { verdict, events, of } = await verified({ sandbox });
    await verdict;
    const order = events.map(({ type }) => type);
    expect(order.indexOf('step.finished')).toBeLessThan(order.indexOf('sandbox.quiesced'));
    expect(of('sandbox.quiesced')[0]?.processes).toHaveLength(20);
    expect(of('sandbox.quiesced')[0]?.count).toBe(21);
  });
});
