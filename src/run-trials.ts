import { join } from 'node:path';
import type { Environment } from './environment/environment.ts';
import type { OpenToolbox } from './orchestrator/plan.ts';
import { type RunParts, runAll } from './orchestrator/run.ts';
import type { RunWatch } from './orchestrator/run-claim.ts';
import type { TrialSpec } from './orchestrator/trial-plan.ts';
import type { SandboxProvider } from './sandbox/sandbox.ts';
import { variablesIn } from './schema/author-file.ts';
import type { ToolServer } from './schema/environment.ts';
import { tagOf } from './schema/instance.ts';
import type { JsonObject } from './schema/json.ts';
import type { Run, RunKind } from './schema/run.ts';
import { clusterName } from './schema/task.ts';
import { keptWith, splitOf } from './task/generate/made-folder.ts';
import { seedName, seedOf } from './task/generate/private-seed.ts';
import { formedToolbox } from './tool/formed-toolbox.ts';
import { openToolbox } from './tool/open-toolbox.ts';
import type { ServerNotification } from './tool/toolbox.ts';
import { countQuery, requireLedger } from './trace/query-ledger.ts';
import { newRunId } from './trace/run-file.ts';
import { proctorVersion } from './version.ts';

type Shared = Pick<RunParts, 'maxCostUsd' | 'resumed' | 'chooser'>;
type Defaulted = Pick<RunParts, 'limits' | 'concurrency' | 'retries' | 'skipped' | 'secrets' | 'signal'>;

/**
 * What a run is asked to do. Only `trials` has no default: the run gets an id and a folder of its own in `traces`, runs 4 trials at a
 * time, retries none, and keeps what `secretsOf` finds in the environment out of the traces.
 */
export interface RunRequest extends Shared, Partial<Defaulted> {
  /** What it is for; `trials` when absent. */
  kind?: RunKind;
  /** Its id, which sandboxes are labelled with. */
  run?: string;
  /** Its folder: holds `run.json`, `bodies/` and a folder per trial. */
  dir?: string;
  trials: readonly TrialSpec[];
  /** Where sandboxes are opened, closed when the run is over; absent where no environment needs one. */
  provider?: SandboxProvider;
  /** `0` when absent; a trial's own seed is made of it, the task and the attempt. */
  seed?: string;
  /** Follows the run while it runs. */
  watch?: Partial<RunWatch>;
  /** Told what tool servers log, report or say of themselves. */
  onServerMessage?: ServerListener;
  /** What `run.json` keeps beyond what every run has. */
  options?: JsonObject;
}

export type ServerListener = (message: ServerNotification & { trial: string }) => void;

/** A run that has ended, and where it is recorded. */
export interface FinishedRun {
  run: Run;
  dir: string;
  /** Folder of a trial's trace. */
  traceOf(trial: string): string;
}

/**
 * Runs trials and records them. Throws before the first sandbox is opened where a key is refused or a script is missing, and, when
 * the trials under way have ended, where a trace can't be written. Trials that fail are results, not errors.
 */
export async function runTrials(request: RunRequest): Promise<FinishedRun> {
  const { run: id = newRunId(new Date()), dir = join('traces', id), seed = '0' } = request;
  const { watch = {}, onServerMessage, options: _, ...given } = request;
  const trials = request.trials.map((trial) => ({ ...trial, task: keptWith(dir, trial.task) }));
  const parts: RunParts = {
    concurrency: 4,
    retries: 0,
    limits: {},
    skipped: [],
    signal: new AbortController().signal,
    ...given,
    secrets: {
      ...(given.secrets ??
        secretsOf(
          process.env,
          trials.map(({ environment }) => environment),
        )),
      ...privateSeeds(trials),
    },
    run: id,
    dir,
    runSeed: seed,
    trials,
    config: request.resumed?.run.config ?? configOf({ ...request, trials }, seed),
    proctor: proctorVersion,
    openToolbox: toolboxOpener(onServerMessage),
    watch: counting(trials, request, { note: () => {}, event: () => {}, ended: () => {}, ...watch }),
  };
  const run = await runAll(parts);
  return { run, dir, traceOf: (trial) => join(dir, trial) };
}

/** Those that ask no model, and so tell nobody of a private instance. */
const uncounted: readonly (RunKind | undefined)[] = ['replay', 'stop', 'check'];

/** Counts trials of private instances as they begin. Throws `bad-file` where that can't be done. */
function counting(trials: readonly TrialSpec[], { kind }: RunRequest, watch: RunWatch): RunWatch {
  const splits = new Map(uncounted.includes(kind) ? [] : trials.map(({ task }) => [task.dir, splitOf(task)]));
  for (const ledger of new Set([...splits.values()].map((split) => split?.ledger)))
    if (ledger !== undefined) requireLedger(ledger);
  return {
    ...watch,
    event(spec, event) {
      const split = splits.get(spec.task.dir);
      if (split && event.type === 'trial.started') countQuery(split, event);
      watch.event(spec, event);
    },
  };
}

/** Seeds of private instances, as far as they are known here. */
function privateSeeds(trials: readonly TrialSpec[]): Record<string, string> {
  const splits = trials.flatMap(({ task }) => splitOf(task) ?? []);
  return Object.fromEntries(
    splits.flatMap((split) => {
      const seed = seedOf(split);
      return seed === undefined ? [] : [[seedName(split), seed]];
    }),
  );
}

/** What `run.json` keeps of how a run was started; tasks, environments and agents each once. */
export function configOf(request: RunRequest, seed: string): Run['config'] {
  const { trials, provider, limits = {}, maxCostUsd, options = {} } = request;
  const tasks = new Map(
    trials.map(({ task: { name, dir, digest, additions, instance } }) => {
      const cluster = additions.cluster && { cluster: clusterName(additions.cluster) };
      return [name, { name, path: dir, digest, ...cluster, ...(instance && { instance: tagOf(instance) }) }];
    }),
  );
  const environments = new Map(trials.map(({ environment: { name, digest } }) => [name, { name, digest }]));
  return {
    tasks: [...tasks.values()],
    environments: [...environments.values()],
    agents: [...new Set(trials.map(({ agent }) => agent.id))],
    attempts: Math.max(1, ...trials.map(({ attempt }) => attempt)),
    seed,
    sandbox: provider?.name ?? 'none',
    limits,
    ...(maxCostUsd !== undefined && { maxCostUsd }),
    options,
  };
}

/** Bytes of one call's output after which its command is killed. */
const captureBytes = 64 * 1024 * 1024;

/** Opens the tools of a trial; `listener` is told what their servers say, beside the trace. */
export function toolboxOpener(listener: ServerListener = () => {}): OpenToolbox {
  return async ({ plan, sandbox, signal, notify }) => {
    const toolbox = await openToolbox({
      environment: plan.environment,
      ...(sandbox && { sandbox }),
      seed: plan.seed,
      clock: plan.clock,
      data: plan.data,
      signal,
      captureBytes,
      notify(notification) {
        listener({ trial: plan.trial, ...notification });
        notify(notification);
      },
    });
    return formedToolbox(toolbox, plan.task.instance?.tools);
  };
}

/** Variables whose values never reach a trace: keys, tokens and passwords by the usual names, and those that servers are given. */
export function secretsOf(
  environment: NodeJS.ProcessEnv,
  environments: readonly Environment[] = [],
): Record<string, string> {
  const given = new Set(environments.flatMap(({ config }) => config.servers.flatMap(credentialsOf)));
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        (given.has(entry[0]) || /(_KEY|_TOKEN|_SECRET|PASSWORD)$/i.test(entry[0])) &&
        (entry[1]?.length ?? 0) >= 8,
    ),
  );
}

/** The variables that a server's credentials are in. */
function credentialsOf(server: ToolServer): string[] {
  if (server.placement !== 'remote') return [];
  const { headers, oauth } = server;
  return [...Object.values(headers), oauth?.client_secret ?? ''].flatMap(variablesIn);
}
