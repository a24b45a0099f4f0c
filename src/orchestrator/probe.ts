import { compileCheck } from '../environment/check.ts';
import { diffState, stateDigest, withoutIgnored } from '../environment/state-diff.ts';
import { messageOf } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { shellWord } from '../sandbox/shell-word.ts';
import type { Json } from '../schema/json.ts';
import type { Milestone } from '../schema/task.ts';
import { scanForCanaries } from './canary-scan.ts';
import { changedRights } from './changed-rights.ts';
import { changedTexts } from './changed-text.ts';
import { largeChanges } from './large-text.ts';
import { listPacked } from './list-packed.ts';
import { type LiveTrial, toolboxOf } from './live-trial.ts';
import { askOwnProbes } from './own-probe.ts';
import { rethrowIfBroken } from './rethrow.ts';
import { withRecords } from './state-records.ts';

/** Milliseconds one milestone's command may take. */
const milestoneTimeoutMs = 10_000;

/** Asks what the state is, which milestones hold and what the project wants to know, and records the answers. `step` is absent before the first one. */
export async function probe(live: LiveTrial, step: number | undefined): Promise<void> {
  if (live.plan.environment.config.state) await probeState(live, step);
  await scanForCanaries(live, step);
  const codes = await batchedCodes(live);
  for (const milestone of live.plan.task.additions.milestones)
    await probeMilestone(milestone, live, step, codes.get(milestone));
  await askOwnProbes(live, step);
}

interface BatchedCode {
  exitCode: number;
  /** Its share of the batch. */
  durationMs: number;
}

/** Exit codes of the milestones' commands, by one call. Those that are missing have to be run by themselves. */
async function batchedCodes({ plan, sandbox }: LiveTrial): Promise<Map<Milestone, BatchedCode>> {
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

async function probeState(live: LiveTrial, step: number | undefined): Promise<void> {
  const { recorder } = live.parts;
  const begun = performance.now();
  const at = step === undefined ? {} : { step };
  try {
    const before = live.world.state;
    const state = await readState(live);
    const digest = stateDigest(state);
    live.world.state = state;
    const changes = before === undefined ? [] : diffState(stateKind(live), before, state);
    const contents = await changedTexts(live, changes);
    const rights = changedRights(live, state);
    const packed = await listPacked(live, changes);
    const large = await largeChanges(live, changes);
    recorder.append({
      type: 'state.observed',
      ...at,
      digest,
      ...(before === undefined && { value: recorder.bodies.json(state) }),
      ...(changes.length > 0 && { changes: recorder.bodies.json(changes) }),
      changed: changes.length,
      ...(Object.keys(contents).length > 0 && { contents }),
      ...(rights.length > 0 && { rights: recorder.bodies.json(rights as unknown as Json) }),
      ...(packed && { packed: recorder.bodies.json(packed) }),
      ...(large && { large: recorder.bodies.json(large as unknown as Json) }),
      durationMs: performance.now() - begun,
    });
  } catch (error) {
    rethrowIfBroken(error);
    recorder.append({
      type: 'state.observed',
      ...at,
      changed: 0,
      error: messageOf(error),
      durationMs: performance.now() - begun,
    });
  }
}

async function probeMilestone(
  milestone: Milestone,
  live: LiveTrial,
  step: number | undefined,
  batched: BatchedCode | undefined,
): Promise<void> {
  const begun = performance.now();
  const answer = batched
    ? { held: batched.exitCode === 0 }
    : await askMilestone(milestone, live, live.world.state);
  live.parts.recorder.append({
    type: 'milestone.checked',
    ...(step !== undefined && { step }),
    name: milestone.name,
    ...answer,
    durationMs: batched?.durationMs ?? performance.now() - begun,
  });
}

/** Whether a milestone holds now, or why that can't be told. */
export async function askMilestone(
  milestone: Milestone,
  live: LiveTrial,
  state: Json | undefined,
): Promise<{ held: boolean } | { error: string }> {
  try {
    if (milestone.check !== undefined) {
      if (state === undefined) return { error: 'the state is not known' };
      const check = compileCheck(milestone.check, `milestone ${milestone.name}`);
      return { held: check(state, live.world.initial ?? state) };
    }
    if (!live.sandbox || milestone.command === undefined) return { error: 'the environment has no sandbox' };
    const result = await live.sandbox.exec(milestone.command, {
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

export const stateKind = (live: LiveTrial): 'files' | 'server' =>
  live.plan.environment.config.state && 'server' in live.plan.environment.config.state ? 'server' : 'files';

/** The state as it is now: a server's JSON, or the tree of the declared paths. */
export async function readState(live: LiveTrial): Promise<Json> {
  const source = live.plan.environment.config.state;
  if (!source) throw new Error('the environment declares no state');
  if ('server' in source) return toolboxOf(live).state(source.server);
  if (!live.sandbox) throw new Error('the environment has no sandbox');
  live.world.surveyed = await live.sandbox.files.survey(source.paths);
  return withRecords(withoutIgnored(live.world.surveyed, source.ignore), live);
}

/**
 * Runs commands one after the other in a single call of the harness, each in a subshell of its own with its output dropped.
 * Gives their exit codes in order; fewer than there are commands where one did not end within `timeoutMs`.
 */
async function exitCodes(commands: string[], sandbox: Sandbox, timeoutMs: number): Promise<number[]> {
  const lines = commands.map((command) => `(eval ${shellWord(command)}) </dev/null >/dev/null 2>&1; echo $?`);
  const { stdout } = await sandbox.exec(lines.join('\n'), { as: 'harness', timeoutMs });
  return stdout.toString('latin1').split('\n').slice(0, -1).map(Number);
}
