import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { messageOf, ProctorError } from '../errors.ts';
import { policyCompiler } from '../policy/compile.ts';
import type { SandboxProvider, SandboxSpec } from '../sandbox/sandbox.ts';
import type { Run, RunKind } from '../schema/run.ts';
import type { TraceEvent } from '../schema/trace-event.ts';
import { createRecorder } from '../trace/recorder.ts';
import { createTraceWriter } from '../trace/writer.ts';
import { type Ledger, openLedger } from './ledger.ts';
import type { OpenToolbox } from './plan.ts';
import { runTrial, type TrialEnd } from './trial.ts';
import { planTrial, type TrialSettings, type TrialSpec } from './trial-plan.ts';

export interface RunParts extends TrialSettings {
  /** Folder of the run; holds `run.json`, `bodies/` and a folder per trial. */
  dir: string;
  cells: TrialSpec[];
  kind?: RunKind;
  config: Run['config'];
  skipped: Run['skipped'];
  concurrency: number;
  /** How often a trial that ended in an infrastructure error is tried again. */
  retries: number;
  maxCostUsd?: number;
  /** The run that is gone on with; its ended trials stay. */
  resumed?: { run: Run; spentUsd: number };
  /** Name → value of what may never be written. */
  secrets: Record<string, string>;
  openToolbox: OpenToolbox;
  proctor: string;
  signal: AbortSignal;
  watch: RunWatch;
}

/** Who follows a run while it goes on. */
export interface RunWatch {
  note(line: string): void;
  event(cell: TrialSpec, event: TraceEvent): void;
  ended(cell: TrialSpec, end: TrialEnd): void;
}

/**
 * Runs every cell and returns the run as written. Throws before the first sandbox where a key is refused or a script is missing,
 * and, when the trials under way have ended, where a trace can't be written.
 */
export async function runAll(parts: RunParts): Promise<Run> {
  try {
    await checkAgents(parts.cells);
    const ledger = openLedger(parts);
    const provider = parts.provider && (await prepared(parts, parts.provider));
    const account = openAccount(parts.maxCostUsd, parts.resumed?.spentUsd);
    const queue = new PQueue({ concurrency: parts.concurrency });
    const failure = new AbortController();
    const signal = AbortSignal.any([parts.signal, failure.signal]);
    // Every trial under way listens, so their number is no leak.
    setMaxListeners(0, signal, account.budget);
    await queue.addAll(
      parts.cells.map((cell) => async () => {
        if (signal.aborted || account.budget.aborted) return;
        await runCell(cell, { ...parts, signal, ...(provider && { provider }) }, ledger, account).catch(
          (error) => failure.abort(error),
        );
      }),
    );
    failure.signal.throwIfAborted();
    return ledger.finish(parts.signal.aborted ? 'interrupted' : 'done');
  } finally {
    await parts.provider?.close();
  }
}

const judgeOf = policyCompiler();

/** Fails early where an agent can't do what it is asked to: a refused key, a task that it has no script for. */
export async function checkAgents(cells: readonly Pick<TrialSpec, 'agent' | 'task'>[]): Promise<void> {
  for (const agent of new Set(cells.map((cell) => cell.agent))) {
    const tasks = new Map(cells.filter((cell) => cell.agent === agent).map(({ task }) => [task.dir, task]));
    await agent.check?.([...tasks.values()].map(({ name, dir }) => ({ name, dir })));
  }
}

async function runCell(cell: TrialSpec, parts: RunParts, ledger: Ledger, account: Account): Promise<void> {
  let trying: TrialSpec & { retryOf?: string } = cell;
  for (let retry = 1; ; retry++) {
    const end = await attempt(trying, parts, ledger, account);
    parts.watch.ended(trying, end);
    if (end.outcome === 'diverged' && trying.resumes !== undefined) {
      parts.watch.note(`${trying.trial}: ${end.error?.message ?? end.outcome}; starting over`);
      const { inherits: _, resumes: __, ...anew } = cell;
      trying = { ...anew, trial: `${cell.trial}-0`, retryOf: trying.trial };
      continue;
    }
    if (end.outcome !== 'infrastructure-error' || retry > parts.retries || parts.signal.aborted) return;
    parts.watch.note(
      `${trying.trial}: ${end.error?.message ?? end.outcome}; trying again (${retry} of ${parts.retries})`,
    );
    trying = { ...cell, trial: `${cell.trial}-${retry}`, retryOf: trying.trial };
  }
}

async function attempt(
  cell: TrialSpec & { retryOf?: string },
  parts: RunParts,
  ledger: Ledger,
  account: Account,
): Promise<TrialEnd> {
  const plan = planTrial(cell, parts);
  const { inherits } = cell;
  ledger.update(cell, { status: 'running' });
  const writer = createTraceWriter({
    dir: join(parts.dir, cell.trial),
    bodiesDir: join(parts.dir, 'bodies'),
    secrets: parts.secrets,
    inherited: (event) => 'step' in event && event.step !== undefined && event.step < (inherits?.steps ?? 0),
  });
  const recorder = createRecorder(writer, (event) => parts.watch.event(cell, event));
  inherits?.follow?.(recorder);
  try {
    const judge = judgeOf(plan.policy, `policy of ${plan.task.name}`);
    const end = await runTrial(plan, {
      recorder,
      judge: inherits?.judge(judge) ?? judge,
      openToolbox: inherits?.toolbox(parts.openToolbox) ?? parts.openToolbox,
      signal: parts.signal,
      budget: account.budget,
      spend: account.spend,
    });
    ledger.update(cell, { status: 'ended', outcome: end.outcome, head: writer.close() });
    return end;
  } catch (error) {
    writer.close();
    throw error;
  }
}

interface Account {
  budget: AbortSignal;
  spend(costUsd: number): void;
}

function openAccount(maxCostUsd: number | undefined, spentUsd = 0): Account {
  const budget = new AbortController();
  let spent = spentUsd;
  return {
    budget: budget.signal,
    spend(costUsd) {
      spent += costUsd;
      if (maxCostUsd !== undefined && spent >= maxCostUsd) budget.abort();
    },
  };
}

/**
 * Gets the provider ready for every image of the run. An image that can't be had fails each of its trials
 * with the same error, without being built again.
 */
async function prepared(parts: RunParts, provider: SandboxProvider): Promise<SandboxProvider> {
  const removed = await provider.reap();
  if (removed > 0)
    parts.watch.note(`removed ${removed} sandbox${removed === 1 ? '' : 'es'} left by an earlier run`);
  const failures = new Map<string, ProctorError>();
  const keyOf = (spec: SandboxSpec) => JSON.stringify(spec.image);
  const seen = new Set<string>();
  for (const cell of parts.cells) {
    const spec = planTrial(cell, parts).sandbox?.spec;
    if (!spec || seen.has(keyOf(spec))) continue;
    seen.add(keyOf(spec));
    try {
      await provider.prepare(spec, parts.watch.note);
    } catch (error) {
      const failure =
        error instanceof ProctorError
          ? error
          : new ProctorError('sandbox-failed', messageOf(error), { cause: error });
      failures.set(keyOf(spec), failure);
      parts.watch.note(failure.message);
    }
  }
  return {
    ...provider,
    open(spec, signal) {
      const failure = failures.get(keyOf(spec));
      return failure ? Promise.reject(failure) : provider.open(spec, signal);
    },
  };
}
