import { describe, expect, it } from 'vitest';
import { ProctorError } from '../../src/errors.ts';
import { beginNextPhase, goesOn } from '../../src/orchestrator/next-phase.ts';
import { provision } from '../../src/orchestrator/provision.ts';
import { runTrial } from '../../src/orchestrator/trial.ts';
import { fakeSandbox } from './fake-sandbox.ts';
import { bash, type Made, made, sessionOf, signal, submit } from './live.ts';

const answers = '[verify]\nby = "answer"\nexact = "done"\n';
const milestone = '[[milestones]]\nname = "made"\ncommand = "test -s made"\n';

/** Two phases, the first with four seconds. */
const phases = (first = 4, more = '') => ({
  'task.toml': `
schema_version = "1.3"
[[steps]]
name = "one"
${more}
agent = { timeout_sec = ${first} }
[[steps]]
name = "two"
agent = { timeout_sec = 9 }
`,
  'instruction.md': '',
  'proctor.toml': 'environment = "shell"\n',
  'steps/one/instruction.md': 'First.',
  'steps/two/instruction.md': 'Then.',
  'steps/one/tests/test.sh': 'true',
  'steps/two/tests/test.sh': 'true',
  'steps/two/workdir/setup.sh': 'true',
});

const provisioned = async (parts: Made = {}) => {
  const trial = made(parts);
  await provision(trial.live, signal);
  await trial.live.barrier.observed;
  return trial;
};

describe('provisioning', () => {
  it('opens sandbox, tools and agent in this order, and asks the probes for the state before the first step', async () => {
    const opened: string[] = [];
    const sandbox = fakeSandbox();
    sandbox.held.set('/home/agent/work/notes', 'old');
    const agent = {
      async open() {
        opened.push('agent');
        return sessionOf([]);
      },
    };
    const { events, live } = await provisioned({
      sandbox,
      agent,
      task: { 'proctor.toml': `environment = "shell"\n${milestone}${answers}` },
    });
    expect(events.map(({ type }) => type)).toEqual([
      'trial.started',
      'sandbox.opened',
      'tools.listed',
      'state.observed',
      'milestone.checked',
      'texts.kept',
    ]);
    expect(opened).toEqual(['agent']);
    expect(live.parts.recorder.trial.initial).toMatchObject({
      value: { '/home/agent/work/notes': { size: 3 } },
      milestones: { made: true },
    });
    expect(events.every((event) => !('step' in event) || event.step === undefined)).toBe(true);
  });

  it('records what the environment and the task want, and reads the records that they name', async () => {
    const contract = '[contract]\nprotected = ["/home/agent/work/rules.json#/R-1"]\n';
    const own = '[contract]\nmay_change = ["/home/agent/work/out/**", "/home/agent/work/a.db#t/1"]\n';
    const { live } = await provisioned({
      environments: {
        'box/environment.toml': `name = "box"\ndescription = "d"\ndocker_image = "i"\n[state]\npaths = ["/home/agent/work"]\n${contract}`,
      },
      task: {
        'proctor.toml': `environment = "box"\nwrites = ["/home/agent/work/old.txt"]\n${answers}${own}`,
      },
    });
    expect(live.parts.recorder.trial.started).toMatchObject({
      contract: {
        protected: ['/home/agent/work/rules.json#/R-1'],
        may_change: ['/home/agent/work/old.txt', '/home/agent/work/out/**', '/home/agent/work/a.db#t/1'],
      },
      records: [{ path: '/home/agent/work/a.db' }, { path: '/home/agent/work/rules.json' }],
    });
    expect(live.plan.policy.writes).toEqual([
      '/home/agent/work/old.txt',
      '/home/agent/work/out/**',
      '/home/agent/work/a.db',
      '/home/agent/work/a.db-journal',
      '/home/agent/work/a.db-wal',
      '/home/agent/work/a.db-shm',
    ]);
  });

  it.each([
    [
      'may_change = ["/srv/a.db#t"]\n',
      'proctor.toml: contract.may_change[0]: /srv/a.db: expected a file below',
    ],
    [
      '[[contract.order]]\nfirst = { when = "tool == " }\nbefore = { calls = "x" }\nmessage = "m"\n',
      'proctor.toml: contract.order[0].first.when, line 1',
    ],
  ])('refuses a contract that says %j', (text, message) => {
    const environments = {
      'box/environment.toml':
        'name = "box"\ndescription = "d"\ndocker_image = "i"\n[state]\npaths = ["/home/agent/work"]\n',
    };
    const contract = `environment = "box"\n${answers}[contract]\n${text}`;
    expect(() => made({ environments, task: { 'proctor.toml': contract } })).toThrow(message);
  });

  it('opens no sandbox where the environment has none', async () => {
    const { live, of } = await provisioned({
      environments: { 'talk/environment.toml': 'name = "talk"\ndescription = "Only answers."\n' },
      task: { 'proctor.toml': `environment = "talk"\n${answers}` },
    });
    expect(of('sandbox.opened')).toEqual([]);
    expect(live.toolbox?.list().map(({ name }) => name)).toEqual(['submit']);
    expect(live.parts.recorder.trial.initial).toBeUndefined();
  });

  it('puts the solution only where the agent may see it', async () => {
    const task = {
      'solution/solve.sh': 'echo',
      'tests/test.sh': 'true',
      'proctor.toml': 'environment = "shell"\n',
    };
    expect((await provisioned({ task })).sandbox.held.has('/solution/solve.sh')).toBe(false);
    const seen = await provisioned({ task, agent: { seesSolution: true } });
    expect(seen.sandbox.held.get('/solution/solve.sh')).toBe('echo');
  });

  it('refuses tests for bash before anybody works where the image has none', async () => {
    const task = {
      'proctor.toml': 'environment = "shell"\nisolation = "compatible"\n[verify]\nby = "script"\n',
      'tests/test.sh': '#!/bin/bash\ntrue\n',
    };
    const bare = () =>
      fakeSandbox((command) => (command === 'command -v bash' ? { exitCode: 1 } : undefined));
    await expect(provisioned({ sandbox: bare(), task })).rejects.toMatchObject({
      code: 'verifier-failed',
      message: 'tests/test.sh is to be run by bash, which its image does not have',
    });
    await provisioned({ sandbox: bare(), task: { ...task, 'tests/test.sh': '#!/bin/sh\ntrue\n' } });
    await provisioned({ task });
  });

  it('waits for a healthcheck, and says what failed where it never succeeds', async () => {
    const task = {
      'task.toml':
        '[environment.healthcheck]\ncommand = "ready"\ninterval_sec = 0.01\nretries = 2\nstart_period_sec = 0\n',
    };
    let asked = 0;
    const healthy = fakeSandbox((command) =>
      command === 'ready' ? { exitCode: ++asked < 2 ? 1 : 0 } : undefined,
    );
    await provisioned({ sandbox: healthy, task });
    expect(asked).toBe(2);
    const ill = fakeSandbox((command) =>
      command === 'ready' ? { exitCode: 1, stderr: 'no port\n' } : undefined,
    );
    await expect(provisioned({ sandbox: ill, task })).rejects.toMatchObject({
      code: 'sandbox-failed',
      message: 'the healthcheck "ready" failed 2 times in a row: no port',
    });
  });

  it('keeps why a probe had no answer, and goes on', async () => {
    const sandbox = fakeSandbox((command) => {
      if (command === 'test -s made') throw new ProctorError('sandbox-failed', 'no shell');
      return undefined;
    });
    const { of } = await provisioned({
      sandbox,
      task: { 'proctor.toml': `environment = "shell"\n${milestone}${answers}` },
    });
    expect(of('milestone.checked')).toMatchObject([{ name: 'made', error: 'no shell' }]);
    expect(of('milestone.checked')[0]).not.toHaveProperty('held');
  });

  it('asks several milestones by one call, and by itself one that the call did not come to', async () => {
    const sandbox = fakeSandbox((command) =>
      command.includes('eval') ? { stdout: '0\n' } : { exitCode: 1 },
    );
    const { of } = await provisioned({
      sandbox,
      task: {
        'proctor.toml': `environment = "shell"\n${milestone}${milestone.replace('"made"', '"kept"')}${answers}`,
      },
    });
    expect(of('milestone.checked').map(({ name, held }) => [name, held])).toEqual([
      ['made', true],
      ['kept', false],
    ]);
  });

  it('ends a trial whose sandbox can’t be opened as an infrastructure error, with nothing left open', async () => {
    const { live, events, sandbox } = made({
      sandbox: fakeSandbox(() => undefined, {
        files: {
          ...fakeSandbox().files,
          survey: async () => {
            throw new ProctorError('engine-unreachable', 'no engine');
          },
        },
      }),
    });
    const end = await runTrial(live.plan, live.parts);
    expect(end).toMatchObject({ outcome: 'infrastructure-error', error: { code: 'engine-unreachable' } });
    expect(sandbox.closed).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'trial.ended', outcome: 'infrastructure-error' });
  });
});

describe('a trial of several phases', () => {
  const rewarded = () =>
    fakeSandbox((command, files) => {
      if (command.includes('/tests/test.sh')) files.set('/logs/verifier/reward.txt', '1');
      return command.includes('reward.txt') && command.includes('head')
        ? { stdout: '1' }
        : { exitCode: command.includes('reward.json') || command.includes('ctrf.json') ? 1 : 0 };
    });

  it('hands the agent each instruction in turn, in the same sandbox and in a session of its own', async () => {
    const seen: string[] = [];
    const agent: Made['agent'] = {
      open: async () => ({
        async decide(view) {
          seen.push(view.steps.at(-1)?.begins ?? view.instruction);
          return submit();
        },
        close: async () => {},
      }),
    };
    const trial = made({ task: phases(), agent, sandbox: rewarded(), later: [rewarded()] });
    expect(await runTrial(trial.live.plan, trial.live.parts)).toEqual({ outcome: 'submitted' });
    expect(seen).toEqual(['First.', 'Then.']);
    expect(trial.of('verifier.returned').map(({ phase, rewards }) => [phase, rewards])).toEqual([
      [0, { reward: 1 }],
      [1, { reward: 1 }],
    ]);
    expect(trial.of('phase.started')).toMatchObject([{ phase: 1, name: 'two', instruction: 'Then.' }]);
    expect(trial.sandbox.ran).toContain('harness: "$(command -v bash || echo sh)" ./setup.sh');
    expect(trial.live.parts.recorder.trial.phase).toBe(1);
  });

  it('gives a phase the time of its own files', () => {
    const { live } = made({ task: phases() });
    expect(live.plan.phaseSeconds).toEqual([4, 9]);
    expect(live.parts.recorder.trial.started.task.phases).toMatchObject({ seconds: [4, 9] });
  });

  it('holds each phase to a time that was asked for, also where it is the first one’s own', () => {
    expect(made({ task: phases(4), limits: { seconds: 4 } }).live.plan.phaseSeconds).toEqual([4, 4]);
    expect(made({ task: phases(4), limits: { seconds: 7 } }).live.plan.phaseSeconds).toEqual([7, 7]);
  });

  it('gives one that repeats another trial the times of that trial', () => {
    const limits = { seconds: 3 };
    const times = (inherits: Made['inherits']) => made({ task: phases(), inherits }).live.plan.phaseSeconds;
    expect(times({ limits, phaseSeconds: [4, null] })).toEqual([3, undefined]);
    expect(times({ limits })).toEqual([3, 3]);
    expect(times({ limits: {} })).toEqual([undefined, undefined]);
  });

  it('goes on after an end that lets it, with a reward that is high enough', () => {
    const { live } = made({ task: phases(4, 'min_reward = 0.5') });
    expect(goesOn(live, { outcome: 'submitted' }, { reward: 1 })).toBe(true);
    expect(goesOn(live, { outcome: 'timed-out' }, { reward: 0.5 })).toBe(true);
    expect(goesOn(live, { outcome: 'submitted' }, { reward: 0.4 })).toBe(false);
    expect(goesOn(live, { outcome: 'stopped-by-policy' }, { reward: 1 })).toBe(false);
    expect(goesOn(live, { outcome: 'submitted' }, null)).toBe(false);
  });

  it('does not go on after the last one', async () => {
    const { live, sandbox } = made({ task: phases() });
    live.sandbox = sandbox;
    live.parts.recorder.append({
      type: 'agent.decided',
      step: 0,
      decision: { calls: [] },
      durationMs: 1,
    });
    await beginNextPhase(live, signal);
    expect(goesOn(live, { outcome: 'submitted' }, { reward: 1 })).toBe(false);
    expect(live.parts.recorder.steps[0]?.begins).toBe('Then.');
    expect(sandbox.ran[0]).toBe('harness: rm -rf /tests /solution /logs/verifier');
  });
});

it('asks an agent that only ran commands to go on, and verifies what it left when its steps are used up', async () => {
  const trial = made({
    agent: { open: async () => sessionOf([bash('a'), bash('b'), bash('c')]) },
    limits: { steps: 2 },
  });
  expect(await runTrial(trial.live.plan, trial.live.parts)).toEqual({ outcome: 'out-of-steps' });
  expect(trial.of('limit.reached')).toMatchObject([{ limit: 'steps', value: 2, max: 2, step: 1 }]);
  expect(trial.of('verifier.returned')).toMatchObject([{ by: 'answer', rewards: { reward: 0 } }]);
});
