import { setMaxListeners } from 'node:events';
import type { SandboxSpec } from '../sandbox/sandbox.ts';
import type { Run, RunKind } from '../schema/run.ts';
import type { Task } from '../task/task.ts';
import { openAccount, requirePrices } from './account.ts';
import { openLedger } from './ledger.ts';
import { inOrder, localWork, type TrialChooser } from './local-work.ts';
import { preparedProvider } from './prepared-provider.ts';
import { runClaim, type TrialSurroundings } from './run-claim.ts';
import { errorOf } from './trial-machine.ts';
import { limitsOf, planTrial, type TrialSpec } from './trial-plan.ts';
import { workOff } from './work.ts';

export interface RunParts extends Omit<TrialSurroundings, 'account'> {
  trials: readonly TrialSpec[];
  kind?: RunKind;
  config: Run['config'];
  skipped: Run['skipped'];
  concurrency: number;
  maxCostUsd?: number;
  /** The run that is continued; its ended trials stay. */
  resumed?: { run: Run; spentUsd: number };
  /** Says which of the trials is run next; without it, all are, in their order. */
  chooser?: TrialChooser;
  proctor: string;
}

/**
 * Runs every trial and returns the run as written. A refused key or a missing script throws before the first sandbox is opened; a
 * trace that can't be written throws when the running trials have ended.
 */
export async function runAll(parts: RunParts): Promise<Run> {
  try {
    requireKeepable(parts);
    await checkAgents(parts.trials);
    // Of trials that are yet to be chosen, nobody knows which will be.
    const ledger = openLedger(parts.chooser ? { ...parts, trials: [] } : parts);
    const account = openAccount({ maxCostUsd: parts.maxCostUsd, spentUsd: parts.resumed?.spentUsd });
    const provider = account.closed.aborted
      ? undefined
      : parts.provider && (await preparedProvider(parts.provider, specsOf(parts), parts.watch.note));
    const failure = new AbortController();
    let thrown: unknown;
    const signal = AbortSignal.any([parts.signal, failure.signal]);
    // Every running trial adds a listener, so many of them are no leak.
    setMaxListeners(0, signal, account.closed);
    const { chooser = inOrder(parts.trials) } = parts;
    const around = { ...parts, signal, account, ...(provider && { provider }) };
    const isOver = () => signal.aborted || account.closed.aborted;
    await workOff(localWork(chooser, ledger), { concurrency: parts.concurrency, isOver }, (claim) =>
      runClaim(claim, around).catch((error) => {
        thrown ??= error;
        // For the trials under way, this failure is no more than an abort: it is none of theirs.
        failure.abort();
      }),
    );
    if (failure.signal.aborted) throw thrown;
    return ledger.finish({
      status: parts.signal.aborted ? 'interrupted' : 'done',
      ...(account.closed.aborted && { stopped: errorOf(account.closed.reason) }),
    });
  } finally {
    await parts.provider?.close();
  }
}

/** What the sandboxes of the trials are made of, once for each task and what agents bring along. */
function* specsOf(parts: RunParts): Generator<SandboxSpec> {
  const seen = new Map<Task, Set<string | undefined>>();
  for (const trial of parts.trials) {
    const layers = seen.get(trial.task) ?? new Set();
    seen.set(trial.task, layers);
    if (layers.has(trial.agent.layer)) continue;
    layers.add(trial.agent.layer);
    const sandbox = planTrial(trial, parts).sandbox?.spec;
    if (sandbox) yield sandbox;
  }
}

/** Throws `bad-flag` where a limit on cost is asked for that can't be kept. */
function requireKeepable(parts: RunParts): void {
  const agentsOf = (trials: readonly TrialSpec[]) => new Set(trials.map(({ agent }) => agent));
  if (parts.maxCostUsd !== undefined)
    requirePrices(agentsOf(parts.trials), `the budget of $${parts.maxCostUsd} for the run`);
  const limited = parts.trials.filter((trial) => limitsOf(trial, parts.limits).cost_usd !== undefined);
  requirePrices(agentsOf(limited), 'the limit on the cost of a trial');
}

/** Fails early where an agent can't do what it is asked to: a refused key, a task that it has no script for. */
export async function checkAgents(trials: readonly Pick<TrialSpec, 'agent' | 'task'>[]): Promise<void> {
  for (const agent of new Set(trials.map((trial) => trial.agent))) {
    const tasks = new Map(
      trials.filter((trial) => trial.agent === agent).map(({ task }) => [task.dir, task]),
    );
    await agent.check?.([...tasks.values()].map(({ name, dir }) => ({ name, dir })));
  }
}
