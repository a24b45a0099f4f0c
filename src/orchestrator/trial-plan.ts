import type { Agent } from '../agent/agent.ts';
import { canariesOf, plantInData, plantInFiles, plantInSandbox } from '../environment/canary.ts';
import type { Environment } from '../environment/environment.ts';
import { sandboxSpec, seedData } from '../environment/room.ts';
import { defaultRules } from '../policy/default-rule.ts';
import { resolvePolicy } from '../policy/resolve.ts';
import type { IsolationProfile, SandboxProvider } from '../sandbox/sandbox.ts';
import type { Limits } from '../schema/limits.ts';
import type { Task } from '../task/task.ts';
import type { Inheritance, TrialPlan } from './plan.ts';
import { trialClock, trialSeed } from './seed.ts';

/** One cell of a run: which agent attempts which task for the how manieth time. */
export interface TrialCell {
  trial: string;
  attempt: number;
  task: Task;
  environment: Environment;
  agent: Agent;
  /** What it repeats of a recorded trial. */
  inherits?: Inheritance;
  /** The interrupted trial that it goes on from. */
  resumes?: string;
}

export interface TrialSettings {
  run: string;
  runSeed: string;
  /** Limits asked for on the command line; they go before the task's. */
  limits: Limits;
  profile: IsolationProfile;
  provider?: SandboxProvider;
}

/** Decisions a trial may make where neither task nor command line says otherwise. */
const defaultSteps = 50;

/** Decides everything about a trial that can be decided before it starts. */
export function planTrial(cell: TrialCell, settings: TrialSettings): TrialPlan {
  const { task, environment } = cell;
  const spec = sandboxSpec(task, environment, {
    labels: { run: settings.run, trial: cell.trial },
    profile: settings.profile,
    network: 'none',
  });
  const { inherits } = cell;
  const seed = inherits?.seed ?? trialSeed(settings.runSeed, task.name, cell.attempt);
  const canaries = canariesOf(task, environment, seed, inherits?.canaries);
  return {
    run: settings.run,
    ...cell,
    task: { ...task, tests: plantInFiles(task.tests, canaries) },
    limits: inherits?.limits ?? limitsOf(task, settings.limits),
    seed,
    canaries,
    clock: inherits?.clock ?? trialClock,
    policy: resolvePolicy(
      { defaults: defaultRules, environment: environment.policy, task: task.policy },
      task.additions.writes.length > 0 ? task.additions.writes : undefined,
    ),
    data: plantInData(seedData(environment, task), canaries),
    ...(spec &&
      settings.provider && {
        sandbox: {
          provider: settings.provider,
          spec: plantInSandbox(spec, task, environment, canaries),
        },
      }),
  };
}

function limitsOf(task: Task, asked: Limits): Limits {
  const timeout = task.harbor.agent.timeout_sec;
  return {
    steps: defaultSteps,
    ...(timeout !== undefined && timeout !== null && { seconds: timeout }),
    ...task.additions.limits,
    ...asked,
  };
}
