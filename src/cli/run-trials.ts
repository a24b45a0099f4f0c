import { type RunParts, runAll } from '../orchestrator/run.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import { proctorVersion } from '../orchestrator/version.ts';
import type { Run } from '../schema/run.ts';
import { onInterrupt } from './interrupt.ts';
import { noteOnly, watchRun } from './progress.ts';
import { loggedWatch, openRunLog } from './run-log.ts';
import { secretsOf } from './secret.ts';
import { toolboxOpener } from './toolbox.ts';

type Given = 'secrets' | 'openToolbox' | 'proctor' | 'signal' | 'watch';

export interface RunRequest extends Omit<RunParts, Given> {
  /** File of the program's own log; `log.jsonl` in the run's folder where absent. */
  log?: string | undefined;
  /** Says nothing of how far it has come, and leaves the terminal to others. */
  quiet?: boolean;
}

/** Runs trials as every command does: shown on stderr while they go on, stopped cleanly by Ctrl-C, secrets kept out of traces. */
export async function executeRun({ log: file, quiet, ...parts }: RunRequest): Promise<Run> {
  const secrets = secretsOf(process.env);
  const log = openRunLog(parts.dir, file, secrets);
  const watch = quiet ? noteOnly(process.stderr) : watchRun(parts.cells.length, process.stderr);
  const interrupt = onInterrupt(watch.note);
  try {
    return await runAll({
      ...parts,
      secrets,
      openToolbox: toolboxOpener(log),
      proctor: proctorVersion,
      signal: interrupt.signal,
      watch: loggedWatch(watch, log),
    });
  } finally {
    watch.stop();
    interrupt.stop();
  }
}

/** What `run.json` keeps of the tasks and environments of a run, each once. */
export function configOf(cells: readonly TrialSpec[]): Pick<Run['config'], 'tasks' | 'environments'> {
  const tasks = new Map(cells.map(({ task: { name, dir, digest } }) => [name, { name, path: dir, digest }]));
  const environments = new Map(cells.map(({ environment: { name, digest } }) => [name, { name, digest }]));
  return { tasks: [...tasks.values()], environments: [...environments.values()] };
}
