import { expect, it } from 'vitest';
import { limitsOf, planTrial } from '../../src/orchestrator/trial-plan.ts';
import { fakeProvider, fakeSandbox } from './fake-sandbox.ts';
import { made } from './live.ts';

const limits = (isolation: string, seesSolution: boolean, asked = {}) => {
  const task = {
    'proctor.toml': `environment = "shell"\nisolation = "${isolation}"\n[verify]\nby = "answer"\nexact = "x"\n`,
    'task.toml': '[agent]\ntimeout_sec = 900\n',
  };
  const { task: loaded, environment, agent } = made({ task }).live.plan;
  const spec = { task: loaded, environment, agent: { ...agent, seesSolution }, attempt: 1, trial: 't' };
  return limitsOf(spec, asked);
};

it('lets a call of a task from elsewhere, and of any reference, last as long as the task', () => {
  expect(limits('compatible', false)).toMatchObject({ seconds: 900, call_seconds: 900 });
  expect(limits('hardened', true)).toMatchObject({ call_seconds: 900 });
  expect(limits('hardened', false)).not.toHaveProperty('call_seconds');
  expect(limits('compatible', false, { call_seconds: 5 })).toMatchObject({ call_seconds: 5 });
});

it('gives a sandbox with an agent’s own program the memory of that beside the task’s, and not the one that tests run in', () => {
  const { task, environment, agent } = made({
    task: { 'task.toml': '[environment]\nmemory_mb = 300\n' },
  }).live.plan;
  const settings = { run: 'run', runSeed: '0', limits: {}, provider: fakeProvider(fakeSandbox()) };
  const { sandbox } = planTrial(
    { task, environment, agent: { ...agent, memoryMb: 200 }, attempt: 1, trial: 't' },
    settings,
  );
  expect(sandbox?.spec.limits.memoryMb).toBe(500);
  expect(sandbox?.verifierSpecs[0]?.limits.memoryMb).toBe(300);
});
