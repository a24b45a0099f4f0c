import { z } from 'zod';
import { messageOf, ProctorError } from '../errors.ts';
import { within } from '../sandbox/within.ts';
import type { Json } from '../schema/json.ts';
import type { LiveTrial } from './live-trial.ts';
import { rethrowIfBroken } from './rethrow.ts';

/** Milliseconds that one probe may take, and each of its commands. */
const probeTimeoutMs = 10_000;

/** Characters of JSON that one answer may have. */
const maxAnswerChars = 1_000_000;

/** The world as a probe finds it, before the first step or after one. */
export interface ProbedWorld {
  /** From 0; absent before the first. */
  step?: number;
  /** The environment's state: a server's JSON, or the tree of its files; absent where it has none that could be read. */
  state?: Json;
  /** Runs a command in a shell of the harness, in the sandbox. Throws where there is none, or where it takes longer than 10 s. */
  exec(command: string): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

/** Asks a question of the world before the first step and after each; scorers read its answers of a step as `probed[id]`. */
export interface Probe {
  /** Lower-case letters, digits and dashes; no other probe's. */
  id: string;
  /** What it asks, in a few words. */
  what: string;
  /** Gives any JSON value within 10 s. What it throws is recorded as the reason for which there is no answer. */
  ask(world: ProbedWorld): Json | Promise<Json>;
}

let own: readonly Probe[] = [];

/** Takes the probes of a project in for the whole process, in the place of those before; to be called before a trial is run. */
export function setOwnProbes(probes: readonly Probe[]): void {
  own = probes;
}

/** Asks the project's probes and records what they say. `step` is absent before the first one. */
export async function askOwnProbes(live: LiveTrial, step: number | undefined): Promise<void> {
  for (const probe of own) {
    const begun = performance.now();
    const answer = await answerOf(probe, live, step);
    live.parts.recorder.append({
      type: 'world.probed',
      ...(step !== undefined && { step }),
      probe: probe.id,
      ...('error' in answer ? answer : { answer: live.parts.recorder.bodies.json(answer.said) }),
      durationMs: performance.now() - begun,
    });
  }
}

async function answerOf(
  probe: Probe,
  live: LiveTrial,
  step: number | undefined,
): Promise<{ said: Json } | { error: string }> {
  const { state } = live.world;
  const world: ProbedWorld = {
    ...(step !== undefined && { step }),
    ...(state !== undefined && { state: structuredClone(state) }),
    exec: (command) => run(command, live),
  };
  try {
    const asked = Promise.resolve(probe.ask(world)).then((said) => ({ said }));
    const answer = await within(probeTimeoutMs, asked);
    if (!answer) return { error: `no answer within ${probeTimeoutMs} ms` };
    const said = z.json().safeParse(answer.said);
    if (!said.success) return { error: 'its answer is no JSON value' };
    return JSON.stringify(said.data).length > maxAnswerChars
      ? { error: `its answer is longer than ${maxAnswerChars} characters` }
      : { said: said.data };
  } catch (error) {
    rethrowIfBroken(error);
    return { error: messageOf(error) };
  }
}

async function run(command: string, { sandbox }: LiveTrial): ReturnType<ProbedWorld['exec']> {
  if (!sandbox) throw new ProctorError('sandbox-failed', 'the environment has no sandbox');
  const { exitCode, stdout, stderr, timedOut } = await sandbox.exec(command, {
    as: 'harness',
    timeoutMs: probeTimeoutMs,
  });
  if (timedOut) throw new ProctorError('sandbox-failed', `a command did not end within ${probeTimeoutMs} ms`);
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}
