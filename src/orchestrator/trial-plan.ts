import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { canariesOf, plantInData, plantInFiles, plantInSandbox } from '../environment/canary.ts';
import { contractOf } from '../environment/contract.ts';
import type { Environment } from '../environment/environment.ts';
import { sandboxSpec, seedData, verifierSpec } from '../environment/sandbox-spec.ts';
import { defaultRules } from '../policy/default-rule.ts';
import { compileExpression } from '../policy/expression.ts';
import { withKnownHosts } from '../policy/known-host.ts';
import { ownRules } from '../policy/own.ts';
import { amendPolicy, resolvePolicy } from '../policy/resolve.ts';
import type { SandboxProvider, SandboxSpec } from '../sandbox/sandbox.ts';
import { displayPath } from '../schema/author-file.ts';
import type { PlantedCanary } from '../schema/canary.ts';
import type { Limits } from '../schema/limits.ts';
import { parsePlace } from '../schema/place.ts';
import type { Policy, PolicyRule } from '../schema/policy.ts';
import type { Phase, Task } from '../task/task.ts';
import type { Inheritance, TrialPlan } from './plan.ts';
import { serviceHosts } from './service.ts';

/** One trial of a run: an agent's attempt at a task. Attempts are numbered from 1. */
export interface TrialSpec {
  trial: string;
  attempt: number;
  task: Task;
  environment: Environment;
  agent: Agent;
  /** What it repeats of a recorded trial. */
  inherits?: Inheritance;
  /** The interrupted trial that it goes on from. */
  resumes?: string;
  /** The trial that failed through no fault of the agent, in whose place it is run. */
  retryOf?: string;
}

export interface TrialSettings {
  run: string;
  runSeed: string;
  /** Limits asked for on the command line; they take precedence over the task's. */
  limits: Limits;
  provider?: SandboxProvider;
}

/** Decisions a trial may make where neither task nor command line says otherwise. */
const defaultSteps = 50;

/** Decides everything about a trial that can be decided before it starts. */
export function planTrial(spec: TrialSpec, settings: TrialSettings): TrialPlan {
  const { task, environment } = spec;
  const own = sandboxSpec(task, environment, { run: settings.run, trial: spec.trial });
  const { inherits } = spec;
  const seed = inherits?.seed ?? trialSeed(settings.runSeed, task.name, spec.attempt);
  const canaries = canariesOf(task, environment, seed, inherits?.canaries);
  const limits = limitsOf(spec, settings.limits);
  const planted = plantInTests(task, canaries);
  const contract = contractOf(task, environment);
  requireExpressions(task, environment);
  const work = own && plantInSandbox(own, task, environment, canaries);
  return {
    run: settings.run,
    ...spec,
    task: planted,
    limits,
    phaseSeconds: task.phases.map((_, phase) => secondsOf(phase, spec, limits, settings.limits)),
    seed,
    canaries,
    clock: inherits?.clock ?? trialClock,
    policy: policyOf(spec, contract.may_change && pathsOf(contract.may_change)),
    contract,
    data: plantInData(seedData(environment, task), canaries),
    ...(work &&
      settings.provider && {
        sandbox: {
          provider: settings.provider,
          spec: withProgram(work, spec.agent),
          verifierSpecs: planted.phases.map((phase) => verifierSpec(planted, phase, work)),
        },
      }),
  };
}

/** What tests run in has no agent's program. */
const withProgram = (spec: SandboxSpec, { layer, memoryMb = 0 }: Agent): SandboxSpec => ({
  ...spec,
  image: { ...spec.image, ...(layer !== undefined && { agentLayer: layer }) },
  limits: { ...spec.limits, memoryMb: spec.limits.memoryMb + memoryMb },
});

/** A place of records lets the whole file change, as far as paths tell, and what SQLite keeps beside it. */
function pathsOf(places: readonly string[]): string[] {
  return places.flatMap((one) => {
    const { path, table } = parsePlace(one);
    return table === undefined ? [path] : [path, `${path}-journal`, `${path}-wal`, `${path}-shm`];
  });
}

/** Throws `bad-file` with file and key where an expression of a contract does not compile. */
function requireExpressions(task: Task, environment: Environment): void {
  const files = [
    [join(environment.dir, 'environment.toml'), environment.config.contract],
    [join(task.dir, 'proctor.toml'), task.additions.contract],
  ] as const;
  for (const [file, { order = [] }] of files)
    for (const [index, { first, before }] of order.entries())
      for (const [side, { when }] of Object.entries({ first, before }))
        if (when !== undefined)
          compileExpression(when, 'call', `${displayPath(file)}: contract.order[${index}].${side}.when`);
}

/** What a project says of all its trials has the last word. */
function policyOf({ agent, task, environment }: TrialSpec, writes?: readonly string[]): Policy {
  const { rules, off } = ownRules();
  const parts = { environment: environment.policy, task: task.policy };
  const declared = resolvePolicy({ defaults: rulesFor(agent, task, defaultRules), ...parts }, writes);
  return amendPolicy(declared, { rules: rulesFor(agent, task, rules), off });
}

/** An agent that is given the reference may read it, and any may use the services of its task. */
function rulesFor({ seesSolution }: Agent, { services }: Task, all: readonly PolicyRule[]): PolicyRule[] {
  const rules = seesSolution ? all.filter(({ id }) => id !== 'reads-the-answer') : all;
  return services ? withKnownHosts(rules, serviceHosts(services)) : [...rules];
}

function plantInTests(task: Task, canaries: readonly PlantedCanary[]): Task {
  const [first, ...later] = task.phases;
  const planted = (phase: Phase): Phase => ({ ...phase, tests: plantInFiles(phase.tests, canaries) });
  return { ...task, phases: [planted(first), ...later.map(planted)] };
}

/** What a trial may use. One call of the reference, or in a task from elsewhere any, may take as long as an agent has for the whole task. */
export function limitsOf({ task, agent, inherits }: TrialSpec, asked: Limits): Limits {
  if (inherits) return inherits.limits;
  const [{ agent: wishes }] = task.phases;
  const seconds = wishes.timeout_sec ?? undefined;
  const hasLongCalls = agent.seesSolution || task.additions.isolation === 'compatible';
  return {
    steps: defaultSteps * task.phases.length,
    ...(seconds !== undefined && { seconds }),
    ...(hasLongCalls && seconds !== undefined && { call_seconds: seconds }),
    ...task.additions.limits,
    ...asked,
  };
}

/** Each phase has the seconds of its own `task.toml` entry, unless a limit was asked for or is set for the whole task. */
function secondsOf(
  phase: number,
  { task, inherits }: TrialSpec,
  limits: Limits,
  asked: Limits,
): number | undefined {
  if (phase === 0) return limits.seconds;
  if (inherits) {
    const recorded = inherits.phaseSeconds?.[phase];
    return recorded === undefined ? limits.seconds : (recorded ?? undefined);
  }
  return asked.seconds ?? task.additions.limits.seconds ?? task.phases[phase]?.agent.timeout_sec ?? undefined;
}

/** Seed of a trial: the same for the same run seed, task and attempt, whoever the agent is. */
function trialSeed(runSeed: string, task: string, attempt: number): string {
  return createHash('sha256')
    .update(JSON.stringify([runSeed, task, attempt]))
    .digest('hex')
    .slice(0, 16);
}

/** Where the clocks of seeded host servers start; fixed, so that a trial replays on any day. */
const trialClock = '2026-01-15T09:00:00.000Z';
