import { compileCheck } from '../environment/check.ts';
import { diffState, stateDigest, withoutIgnored } from '../environment/state-diff.ts';
import { messageOf } from '../errors.ts';
import type { Json } from '../schema/json.ts';
import type { Milestone } from '../schema/task.ts';
import { changedTexts } from './changed-text.ts';
import { exitCodes } from './exit-codes.ts';
import { rethrowIfBroken } from './rethrow.ts';
import type { Room } from './room.ts';
import { toolboxOf } from './room.ts';
import { probeSpread } from './spread.ts';
import { withRecords } from './state-records.ts';

/** Milliseconds one milestone's command may take. */
const milestoneTimeoutMs = 10_000;

/** Asks what the state is and which milestones hold, and records the answers. `step` is absent before the first one. */
export async function probe(room: Room, step: number | undefined): Promise<void> {
  if (room.plan.environment.config.state) await probeState(room, step);
  await probeSpread(room, step);
  const codes = await batchedCodes(room);
  for (const milestone of room.plan.task.additions.milestones)
    await probeMilestone(milestone, room, step, codes.get(milestone));
}

interface BatchedCode {
  exitCode: number;
  /** Its share of the batch. */
  durationMs: number;
}

/** Exit codes of the milestones' commands by one call; one that is missing is to be asked by itself. */
async function batchedCodes({ plan, sandbox }: Room): Promise<Map<Milestone, BatchedCode>> {
  const codes = new Map<Milestone, BatchedCode>();
  const asked = plan.task.additions.milestones.filter(({ command }) => command !== undefined);
  if (!sandbox || asked.length < 2) return codes;
  const begun = performance.now();
  try {
    const commands = asked.map(({ command = '' }) => command);
    const answers = await exitCodes(commands, sandbox, milestoneTimeoutMs);
    const durationMs = (performance.now() - begun) / answers.length;
    for (const [index, exitCode] of answers.entries()) {
      const milestone = asked[index];
      if (milestone) codes.set(milestone, { exitCode, durationMs });
    }
  } catch (error) {
    rethrowIfBroken(error);
  }
  return codes;
}

async function probeState(room: Room, step: number | undefined): Promise<void> {
  const { recorder } = room.parts;
  const begun = performance.now();
  const at = step === undefined ? {} : { step };
  try {
    const before = room.state;
    const state = await readState(room);
    const digest = stateDigest(state);
    room.state = state;
    const changes = before === undefined ? [] : diffState(stateKind(room), before, state);
    const contents = await changedTexts(room, changes);
    recorder.append({
      type: 'probe.answered',
      ...at,
      probe: 'state',
      digest,
      ...(before === undefined && { value: recorder.bodies.json(state) }),
      ...(changes.length > 0 && { changes: recorder.bodies.json(changes) }),
      changed: changes.length,
      ...(Object.keys(contents).length > 0 && { contents }),
      durationMs: performance.now() - begun,
    });
  } catch (error) {
    rethrowIfBroken(error);
    recorder.append({
      type: 'probe.answered',
      ...at,
      probe: 'state',
      error: messageOf(error),
      durationMs: performance.now() - begun,
    });
  }
}

async function probeMilestone(
  milestone: Milestone,
  room: Room,
  step: number | undefined,
  batched: BatchedCode | undefined,
): Promise<void> {
  const begun = performance.now();
  const answer = batched ? { held: batched.exitCode === 0 } : await askMilestone(milestone, room);
  if ('held' in answer) room.milestones[milestone.name] = answer.held;
  room.parts.recorder.append({
    type: 'probe.answered',
    ...(step !== undefined && { step }),
    probe: 'milestone',
    name: milestone.name,
    ...answer,
    durationMs: batched?.durationMs ?? performance.now() - begun,
  });
}

/** Whether a milestone holds now, or why that can't be told. */
export async function askMilestone(
  milestone: Milestone,
  room: Room,
): Promise<{ held: boolean } | { error: string }> {
  try {
    if (milestone.check !== undefined) {
      if (room.state === undefined) return { error: 'the state is not known' };
      const check = compileCheck(milestone.check, `milestone ${milestone.name}`);
      return { held: check(room.state, room.initial ?? room.state) };
    }
    if (!room.sandbox || milestone.command === undefined) return { error: 'the environment has no sandbox' };
    const result = await room.sandbox.exec(milestone.command, {
      as: 'harness',
      timeoutMs: milestoneTimeoutMs,
    });
    return result.timedOut
      ? { error: `no answer within ${milestoneTimeoutMs} ms` }
      : { held: result.exitCode === 0 };
  } catch (error) {
    rethrowIfBroken(error);
    return { error: messageOf(error) };
  }
}

export const stateKind = (room: Room): 'files' | 'server' =>
  room.plan.environment.config.state && 'server' in room.plan.environment.config.state ? 'server' : 'files';

/** The state as it is now: a server's JSON, or the tree of the declared paths. */
export async function readState(room: Room): Promise<Json> {
  const source = room.plan.environment.config.state;
  if (!source) throw new Error('the environment declares no state');
  if ('server' in source) return toolboxOf(room).state(source.server);
  if (!room.sandbox) throw new Error('the environment has no sandbox');
  room.surveyed = await room.sandbox.files.survey(source.paths);
  return withRecords(withoutIgnored(room.surveyed, source.ignore), room);
}
