import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { handoverAgent } from '../agent/handover.ts';
import { ProctorError } from '../errors.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { Limits } from '../schema/limits.ts';
import type { Outcome } from '../schema/outcome.ts';
import { type Run, type RunTrial, supersededIn } from '../schema/run.ts';
import type { View } from '../schema/view.ts';
import { verifyChain } from '../trace/chain.ts';
import { holdsTrace } from '../trace/location.ts';
import { follower } from './follow.ts';
import { inherit } from './inherit.ts';
import { openRecording, type Recording, type Reloaded } from './recording.ts';
import { isRepeatedBy, repeatedProgram } from './repeated-program.ts';

/** What is left to do of a run. */
export interface Remainder {
  /** The run with what had ended without being written down. */
  run: Run;
  trials: TrialSpec[];
  /** What its trials have cost already, in US dollars. */
  spentUsd: number;
}

export interface ResumeParts {
  dir: string;
  run: Run;
  /** By name. */
  setups: ReadonlyMap<string, Reloaded>;
  agents: ReadonlyMap<string, Agent>;
  secrets: Readonly<Record<string, string>>;
  /** Whether trials that ended in an infrastructure error are left too. */
  failedToo?: boolean;
}

/** Outcomes of a trial that was stopped, or could not be rebuilt. */
const unfinished: ReadonlySet<Outcome | undefined> = new Set(['aborted', 'not-run', 'diverged']);

/** Finds what is left of a run whose process is gone: trials that wait, and those that were interrupted, with what is known of them. */
export function remainderOf(parts: ResumeParts): Remainder {
  const { dir } = parts;
  const run = { ...parts.run, trials: parts.run.trials.map((entry) => closed(entry, parts)) };
  const superseded = supersededIn(run);
  const left = run.trials.filter(
    ({ trial, status, outcome }) =>
      !superseded.has(trial) &&
      (status !== 'ended' ||
        unfinished.has(outcome) ||
        (parts.failedToo === true && outcome === 'infrastructure-error')),
  );
  const trials = left.map((entry) => trialOf(entry, run, parts));
  const spentUsd = run.trials
    .map((entry) => join(dir, entry.dir))
    .filter((folder) => holdsTrace(folder) && !isEmpty(folder))
    .reduce((sum, folder) => sum + (openRecording(folder, parts.secrets).trial.spent.own.costUsd ?? 0), 0);
  return { run, trials, spentUsd };
}

/** What the trace says of a trial that the run does not: that it was begun, or had ended. */
function closed(entry: RunTrial, { dir, secrets }: ResumeParts): RunTrial {
  const folder = join(dir, entry.dir);
  if (entry.status === 'ended' || !holdsTrace(folder)) return entry;
  const begun: RunTrial = { ...entry, status: 'running' };
  if (isEmpty(folder)) return begun;
  const { ended } = openRecording(folder, secrets).trial;
  return ended ? { ...entry, status: 'ended', outcome: ended.outcome, head: verifyChain(folder) } : begun;
}

const isEmpty = (folder: string) => verifyChain(folder).events === 0;

function trialOf(entry: RunTrial, run: Run, parts: ResumeParts): TrialSpec {
  const setup = parts.setups.get(entry.task);
  const agent = parts.agents.get(entry.agent);
  if (!setup || !agent)
    throw new ProctorError('bad-file', `${parts.dir}: run.json does not list what ${entry.trial} is`);
  const cell = { task: setup.task, environment: setup.environment, agent, attempt: entry.attempt };
  if (entry.status === 'waiting') return { ...cell, trial: entry.trial };
  const trial = nextId(entry, run);
  if (entry.outcome === 'infrastructure-error') return { ...cell, trial, retryOf: entry.trial };
  return goingOnFrom(
    { ...cell, trial, resumes: entry.trial },
    tracesOf(entry, run, parts.dir),
    parts.secrets,
  );
}

/**
 * A trial that was interrupted, maybe more than once, continued from the trace in `dirs` that came furthest: what was decided there is
 * repeated, the step included that was under way. As it was given where none has a step.
 */
export function goingOnFrom(
  spec: TrialSpec,
  dirs: readonly string[],
  secrets: ResumeParts['secrets'],
): TrialSpec {
  const recording = furthest(dirs, secrets);
  const { task, environment, agent } = spec;
  return recording ? { ...spec, ...goingOn(recording, { task, environment, changed: [] }, agent) } : spec;
}

/** `x7k2pq-r1`, `x7k2pq-r2`, …: the same trial, resumed for the first, the second time. */
function nextId({ trial }: RunTrial, run: Run): string {
  const base = trial.replace(/-r\d+$/, '');
  const taken = new Set(run.trials.map((entry) => entry.trial));
  let count = 1;
  while (taken.has(`${base}-r${count}`)) count++;
  return `${base}-r${count}`;
}

/** The folders of a trial and of those that it goes on from. */
function tracesOf(entry: RunTrial, run: Run, dir: string): string[] {
  const chain: string[] = [];
  for (let at: RunTrial | undefined = entry; at; at = before(at, run)) chain.push(join(dir, at.dir));
  return chain;
}

function furthest(dirs: readonly string[], secrets: ResumeParts['secrets']): Recording | undefined {
  const recordings = dirs
    .filter((folder) => existsSync(folder) && holdsTrace(folder) && !isEmpty(folder))
    .map((folder) => openRecording(folder, secrets))
    .filter(({ trial }) => trial.steps.length > 0);
  return recordings.reduce<Recording | undefined>(
    (best, one) => (best && best.trial.steps.length >= one.trial.steps.length ? best : one),
    undefined,
  );
}

const before = ({ resumes }: RunTrial, run: Run) =>
  resumes === undefined ? undefined : run.trials.find(({ trial }) => trial === resumes);

/** Repeats what was decided and continues with the same agent and what is left of the limits. */
function goingOn(recording: Recording, setup: Reloaded, agent: Agent): Pick<TrialSpec, 'agent' | 'inherits'> {
  const steps = recording.trial.steps.length;
  const followed = follower(recording, setup);
  const follow = (view: View) => followed.requireSame(view.steps.length, 'what was done before');
  return {
    agent: isRepeatedBy(recording, agent)
      ? repeatedProgram(recording, { program: agent, steps, follow })
      : handoverAgent({ record: recording, adapt: followed.adapt, steps, next: agent, follow }),
    inherits: {
      ...inherit(recording, {
        steps,
        goesOn: true,
        counts: true,
        limits: left(recording),
        phaseSeconds: recording.trial.started.task.phases?.seconds,
        followed,
      }),
      startsOver: agent,
    },
  };
}

/** Steps, tokens and cost are counted as they are repeated; the time that the agent used is taken off. */
function left({ trial }: Recording): Limits {
  const { limits } = trial.started;
  if (limits.seconds === undefined) return limits;
  const usedMs = trial.steps.reduce(
    (sum, { thoughtMs, calls }) =>
      calls.reduce((all, { returned }) => all + (returned?.durationMs ?? 0), sum + thoughtMs),
    0,
  );
  return { ...limits, seconds: Math.max(1, limits.seconds - usedMs / 1000) };
}
