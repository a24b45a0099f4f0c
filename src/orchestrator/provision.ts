import type { Sandbox } from '../sandbox/sandbox.ts';
import type { NewTraceEventOf } from '../schema/trace-event.ts';
import { traceVersion } from '../schema/trace-event.ts';
import type { Recorder, TrialPlan } from './plan.ts';
import { probe } from './probe.ts';
import type { Room } from './room.ts';
import { watchedFiles } from './verifier/integrity.ts';
import { proctorVersion } from './version.ts';

/** Opens the sandbox, the tools and the agent, and asks the probes for the state before the first step. */
export async function provision(room: Room, signal: AbortSignal): Promise<void> {
  const { plan, parts } = room;
  if (plan.sandbox) {
    room.sandbox = await openSandbox(plan, parts.recorder, 'work', signal);
    if (plan.agent.seesSolution) await putSolution(room.sandbox, plan);
    if (plan.task.additions.verify.by === 'script') room.watched = await watchedFiles(room.sandbox);
  }
  room.toolbox = await parts.openToolbox({
    plan,
    ...(room.sandbox && { sandbox: room.sandbox }),
    signal,
    notify: (n) =>
      void parts.recorder.append({
        type: 'server.notified',
        ...(room.steps.length > 0 && { step: room.steps.length - 1 }),
        server: n.server,
        method: n.method,
        params: parts.recorder.bodies.json(n.params),
      }),
  });
  parts.recorder.append({ type: 'tools.listed', tools: parts.recorder.bodies.json(room.toolbox.list()) });
  room.session = await plan.agent.open({
    trial: plan.trial,
    task: { name: plan.task.name, dir: plan.task.dir },
    seed: plan.seed,
  });
  await probe(room, undefined);
  if (room.state !== undefined) room.initial = room.state;
}

async function putSolution(sandbox: Sandbox, { task }: TrialPlan): Promise<void> {
  if (task.reference || task.solution.length === 0) return;
  await sandbox.files.write(task.solution.map((file) => ({ ...file, path: `/solution/${file.path}` })));
}

/** Opens a sandbox of the plan's spec and records it. */
export async function openSandbox(
  plan: TrialPlan,
  recorder: Recorder,
  purpose: 'work' | 'verify',
  signal: AbortSignal,
): Promise<Sandbox> {
  if (!plan.sandbox) throw new Error('the environment has no sandbox');
  const begun = performance.now();
  const sandbox = await plan.sandbox.provider.open(plan.sandbox.spec, signal);
  recorder.append({
    type: 'sandbox.opened',
    sandbox: sandbox.id,
    purpose,
    ...sandbox.info,
    durationMs: performance.now() - begun,
  });
  return sandbox;
}

/** The first event of a trace: everything a later reader needs to judge the trial without its files. */
export function startedEvent(plan: TrialPlan, recorder: Recorder): NewTraceEventOf<'trial.started'> {
  const { task, environment, agent } = plan;
  const { bodies } = recorder;
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
      path: task.dir,
      digest: task.digest,
      instruction: bodies.text(task.instruction),
      ...(environment.guidance !== undefined && { guidance: bodies.text(environment.guidance) }),
      tags: task.tags,
      ...(task.difficulty !== undefined && { difficulty: task.difficulty }),
      impossible: task.additions.impossible,
      milestones: task.additions.milestones.map(({ name, weight }) => ({ name, weight })),
      reference: referenceSize(task.reference),
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
    },
    limits: plan.limits,
    policy: bodies.json(plan.policy),
    seed: plan.seed,
    clock: plan.clock,
    canaries: [...plan.canaries],
    ...(task.additions.injections.length > 0 && { injections: task.additions.injections }),
    ...(plan.inherits?.parent && { parent: plan.inherits.parent }),
  };
}

/** A reference counts with its closing `submit`, as a trial's calls do. */
function referenceSize(reference: TrialPlan['task']['reference']): { steps: number; calls: number } | null {
  if (!reference || reference.length === 0) return null;
  const calls = reference.flatMap((step) => ('calls' in step ? step.calls : [step]));
  const submitted = calls.some((call) => call.tool === 'submit');
  return { steps: reference.length + (submitted ? 0 : 1), calls: calls.length + (submitted ? 0 : 1) };
}
