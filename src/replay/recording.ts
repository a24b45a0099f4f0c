import { dirname } from 'node:path';
import type { RecordedExchange } from '../agent/agent.ts';
import type { RecordedTrial } from '../agent/recorded.ts';
import type { Environment } from '../environment/environment.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { messageOf, ProctorError } from '../errors.ts';
import type { Outcome } from '../schema/outcome.ts';
import { findTasks } from '../task/find.ts';
import { recordedFolder } from '../task/generate/made-folder.ts';
import { isTaskFolder, loadTask } from '../task/load.ts';
import type { Task } from '../task/task.ts';
import { verifyChain } from '../trace/chain.ts';
import { foldTrial } from '../trace/fold.ts';
import { sealedHead } from '../trace/run-file.ts';
import { openTrace } from '../trace/trace-file.ts';
import { exchangesOf } from './exchange.ts';

/** A recorded trial that can be executed again. */
export interface Recording extends RecordedTrial {
  dir: string;
  /** `<run>/<trial>`: what later traces call it. */
  name: string;
  /** Model calls that its agent's program made for itself; none where it has no program, or nobody heard them. */
  exchanges: readonly RecordedExchange[];
}

/**
 * Reads the trace in `dir`, its secrets put back. Throws `tampered-trace` where it was edited after it was sealed, and
 * `bad-trace`. A trace that was cut off by a crash is read up to there.
 */
export function openRecording(dir: string, secrets: Readonly<Record<string, string>>): Recording {
  verifyChain(dir, sealedHead(dir));
  const trace = openTrace(dir, { secrets });
  const { bodies } = trace;
  const trial = foldTrial(trace.events, bodies);
  const { run, trial: id, agent } = trial.started;
  const exchanges = isProgram(agent.id) ? exchangesOf(trace.events, bodies) : [];
  return { dir, trial, bodies, name: `${run}/${id}`, exchanges };
}

const isProgram = (agent: string) => /^(inside|external):/.test(agent);

/** The files a recorded trial was made with, as they are today. */
export interface Reloaded {
  task: Task;
  environment: Environment;
  /** What is not as it was recorded, such as `task quickstart/log-triage`. */
  changed: string[];
}

/** Loads a recorded trial's task and environment anew: from where they lay, else by name from `tasks`. Throws `not-found` or `bad-file`. */
export function reload(
  { dir, trial }: Pick<Recording, 'dir' | 'trial'>,
  roots: { tasks: readonly string[]; environments: readonly string[] },
): Reloaded {
  const recorded = trial.started;
  const path = recordedFolder(recorded.task.path, dirname(dir));
  const task = taskOf({ ...recorded.task, path }, roots.tasks);
  const environment = environmentOf(task, { roots: roots.environments });
  return {
    task,
    environment,
    changed: [
      ...(task.digest === recorded.task.digest ? [] : [`task ${task.name}`]),
      ...(environment.digest === recorded.environment.digest ? [] : [`environment ${environment.name}`]),
    ],
  };
}

function taskOf({ name, path }: Recording['trial']['started']['task'], taskRoots: readonly string[]): Task {
  if (isTaskFolder(path)) return loadTask(path, name);
  try {
    const [task] = findTasks([name], { taskRoots });
    if (task) return task;
  } catch (error) {
    throw new ProctorError('not-found', `the task is no longer in ${path}, and ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new ProctorError(
    'not-found',
    `the task ${name} is no longer in ${path}; name its folder with --tasks`,
  );
}

/** Outcomes that come from what a trial had used up: its decisions alone do not bring them about again. */
const usedUp: ReadonlySet<Outcome | undefined> = new Set([
  'out-of-steps',
  'out-of-tokens',
  'out-of-budget',
  'timed-out',
]);

/** Whether two outcomes are the same as far as executing the same decisions again can tell. */
export function sameOutcome(recorded: Outcome | undefined, replayed: Outcome | undefined): boolean {
  if (recorded === replayed) return true;
  if (usedUp.has(recorded)) return usedUp.has(replayed);
  return replayed === 'aborted' && (recorded === undefined || recorded === 'infrastructure-error');
}

/** The limits under which a replay ends where the record does. */
export function limitsOfReplay({ trial }: Recording): { steps?: number; call_seconds?: number } {
  const { call_seconds } = trial.started.limits;
  return {
    ...(usedUp.has(trial.outcome) && trial.steps.length > 0 && { steps: trial.steps.length }),
    ...(call_seconds !== undefined && { call_seconds }),
  };
}
