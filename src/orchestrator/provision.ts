import { recordSourcesOf } from '../environment/contract.ts';
import { withoutExamples } from '../policy/example.ts';
import type { Sandbox, SandboxSpec } from '../sandbox/sandbox.ts';
import { tagOf } from '../schema/instance.ts';
import { clusterName } from '../schema/task.ts';
import type { NewTraceEventOf } from '../schema/trace-event.ts';
import { traceVersion } from '../schema/trial-started.ts';
import type { Recorder } from '../trace/recorder.ts';
import { proctorVersion } from '../version.ts';
import { keepTexts } from './changed-text.ts';
import { furnish } from './furnish.ts';
import { keepLargeTexts } from './large-text.ts';
import { type LiveTrial, stepOf, toolboxOf } from './live-trial.ts';
import type { TrialPlan } from './plan.ts';
import { probe } from './probe.ts';
import { watchPrograms } from './started-program.ts';

/** Opens the sandbox, the tools and the agent, and asks the probes for the state before the first step. */
export async function provision(live: LiveTrial, signal: AbortSignal): Promise<void> {
  const { plan, parts } = live;
  if (plan.sandbox) {
    const { spec } = plan.sandbox;
    live.sandbox = await openSandbox(plan, parts.recorder, { purpose: 'work', spec }, signal);
    await furnish(live, { phase: 0, sandbox: live.sandbox }, signal);
  }
  await openTools(live, signal);
  await watchPrograms(live);
  await openSession(live);
  await probe(live, undefined);
  if (live.world.state !== undefined) live.world.initial = live.world.state;
  live.barrier.observed = keepTexts(live).then(() => keepLargeTexts(live));
  live.barrier.observed.catch(() => undefined);
}

/** Connects to the tools and records their list. */
export async function openTools(live: LiveTrial, signal: AbortSignal): Promise<void> {
  const { plan, parts } = live;
  live.toolbox = await parts.openToolbox({
    plan,
    ...(live.sandbox && { sandbox: live.sandbox }),
    signal,
    notify: (n) =>
      void parts.recorder.append({
        type: 'server.notified',
        ...stepOf(live),
        server: n.server,
        method: n.method,
        params: parts.recorder.bodies.json(n.params),
      }),
  });
  recordTools(live);
}

/** Records the list of tools where it changed since it was last recorded; a server may change it between calls. */
export function recordTools(live: LiveTrial, step?: number): void {
  const { recorder } = live.parts;
  const { inside } = live.plan.agent;
  const tools = inside ? (live.session?.tools?.() ?? []) : toolboxOf(live).list();
  if (inside && tools.length === 0) return;
  const listed = JSON.stringify(tools);
  if (listed === live.listed) return;
  live.listed = listed;
  recorder.append({
    type: 'tools.listed',
    ...(step !== undefined && { step }),
    tools: recorder.bodies.json(tools),
  });
}

export async function openSession(live: LiveTrial): Promise<void> {
  const { plan } = live;
  const { name, dir } = plan.task;
  live.session = await plan.agent.open(
    { trial: plan.trial, task: { name, dir }, seed: plan.seed },
    live.sandbox,
  );
}

/** Opens a sandbox and records it. */
export async function openSandbox(
  plan: TrialPlan,
  recorder: Recorder,
  { purpose, spec }: { purpose: 'work' | 'verify'; spec: SandboxSpec },
  signal: AbortSignal,
): Promise<Sandbox> {
  if (!plan.sandbox) throw new Error('the environment has no sandbox');
  const begun = performance.now();
  const sandbox = await plan.sandbox.provider.open(spec, signal);
  recorder.append({
    type: 'sandbox.opened',
    sandbox: sandbox.id,
    purpose,
    ...sandbox.info,
    network: spec.network,
    durationMs: performance.now() - begun,
  });
  return sandbox;
}

/** The first event of a trace: everything a later reader needs to judge the trial without its files. */
export function startedEvent(plan: TrialPlan, recorder: Recorder): NewTraceEventOf<'trial.started'> {
  const { task, environment, agent } = plan;
  const { bodies } = recorder;
  const records = recordSourcesOf(task, environment);
  return {
    type: 'trial.started',
    version: traceVersion,
    proctor: proctorVersion,
    node: process.version,
    run: plan.run,
    trial: plan.trial,
    attempt: plan.attempt,
    task: {
      name: task.name,
      path: task.startedFrom ?? task.dir,
      digest: task.digest,
      instruction: bodies.text(task.instruction),
      ...(environment.guidance !== undefined && { guidance: bodies.text(environment.guidance) }),
      tags: task.tags,
      ...(task.difficulty !== undefined && { difficulty: task.difficulty }),
      ...(task.additions.cluster && { cluster: clusterName(task.additions.cluster) }),
      ...(task.instance && { instance: tagOf(task.instance) }),
      impossible: task.additions.impossible,
      milestones: task.additions.milestones.map(({ name, weight }) => ({ name, weight })),
      reference: referenceSize(task.reference),
      ...phasesOf(plan),
    },
    environment: {
      name: environment.name,
      digest: environment.digest,
      state: !environment.config.state ? 'none' : 'server' in environment.config.state ? 'server' : 'files',
    },
    agent: {
      id: agent.id,
      ...(agent.model !== undefined && { model: agent.model }),
      ...(agent.digest !== undefined && { digest: agent.digest }),
      ...(agent.parameters !== undefined && { parameters: agent.parameters }),
      ...(agent.helpers && { helpers: [...agent.helpers] }),
    },
    limits: plan.limits,
    policy: bodies.json(withoutExamples(plan.policy)),
    seed: plan.seed,
    clock: plan.clock,
    canaries: [...plan.canaries],
    ...(task.additions.principal !== undefined && { principal: task.additions.principal }),
    ...(records.length > 0 && { records }),
    ...(task.additions.injections.length > 0 && { injections: task.additions.injections }),
    ...(Object.keys(plan.contract).length > 0 && { contract: plan.contract }),
    ...(plan.inherits?.parent && { parent: plan.inherits.parent }),
  };
}

/** The closing `submit` counts, as it does in a trial. */
function referenceSize(reference: TrialPlan['task']['reference']): { steps: number; calls: number } | null {
  if (!reference || reference.length === 0) return null;
  const calls = reference.flatMap((step) => ('calls' in step ? step.calls : [step]));
  const submitted = calls.some((call) => call.tool === 'submit');
  return { steps: reference.length + (submitted ? 0 : 1), calls: calls.length + (submitted ? 0 : 1) };
}

/** What a reader has to know of several phases. */
function phasesOf({ task: { phases, harbor }, phaseSeconds }: TrialPlan) {
  if (phases.length === 1) return {};
  const reward = harbor.multi_step_reward_strategy ?? ('mean' as const);
  return {
    phases: { total: phases.length, reward, seconds: phaseSeconds.map((seconds) => seconds ?? null) },
  };
}
