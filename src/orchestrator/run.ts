import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';
import { policyCompiler } from '../policy/compile.ts';
import type { SandboxProvider, SandboxSpec } from '../sandbox/sandbox.ts';
import type { Run, RunKind } from '../schema/run.ts';
import type { TraceEvent } from '../schema/trace-event.ts';
import { createRecorder } from '../trace/recorder.ts';
import { createTraceWriter } from '../trace/writer.ts';
import { type Account, openAccount, requirePrices } from './account.ts';
import { type Ledger, openLedger } from './ledger.ts';
import type { OpenToolbox } from './plan.ts';
import { runTrial, type TrialEnd } from './trial.ts';
import { errorOf } from './trial-machine.ts';
import { limitsOf, planTrial, type TrialSettings, type TrialSpec } from './trial-plan.ts';

export interface RunParts extends TrialSettings {
  /** Folder of the run; holds `run.json`, `bodies/` and a folder per trial. */
  dir: string;
  trials: readonly TrialSpec[];
  kind?: RunKind;
  config: Run['config'];
  skipped: Run['skipped'];
  concurrency: number;
  /** How often a trial that ended in an infrastructure error is tried again. */
  retries: number;
  maxCostUsd?: number;
  /** The run that is continued; its ended trials stay. */
  resumed?: { run: Run; spentUsd: number };
  /** Secrets by name; their values are never written. */
  secrets: Record<string, string>;
  openToolbox: OpenToolbox;
  /** Says which of the trials is run next; without it, all are, in their order. */
  chooser?: TrialChooser;
  proctor: string;
  signal: AbortSignal;
  watch: RunWatch;
}

/** Decides while a run goes on which of its trials is run next. */
export interface TrialChooser {
  /** Trials that are run at most. */
  most: number;
  /** Undefined where nothing is to begin before a trial under way has ended, or at all. */
  next(): TrialSpec | undefined;
  /** Told how a trial ended when it is not tried again, as it was tried last; `cut` where the run's budget was spent meanwhile. */
  ended(spec: TrialSpec, end: TrialEnd, cut: boolean): void;
}

/** Who follows a run while it goes on. */
export interface RunWatch {
  note(line: string): void;
  event(spec: TrialSpec, event: TraceEvent): void;
  ended(spec: TrialSpec, end: TrialEnd): void;
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
      : parts.provider && (await prepared(parts, parts.provider));
    const failure = new AbortController();
    const signal = AbortSignal.any([parts.signal, failure.signal]);
    // Every running trial adds a listener, so many of them are no leak.
    setMaxListeners(0, signal, account.closed);
    const { chooser = inOrder(parts.trials) } = parts;
    const running = { ...parts, signal, ...(provider && { provider }) };
    const isOver = () => signal.aborted || account.closed.aborted;
    await runChosen(chooser, { concurrency: parts.concurrency, isOver }, (spec) =>
      runWithRetries(spec, running, ledger, account)
        .then(({ tried, end }) =>
          chooser.ended(tried, end, account.closed.aborted && end.outcome === 'out-of-budget'),
        )
        .catch((error) => failure.abort(error)),
    );
    failure.signal.throwIfAborted();
    return ledger.finish({
      status: parts.signal.aborted ? 'interrupted' : 'done',
      ...(account.closed.aborted && { stopped: errorOf(account.closed.reason) }),
    });
  } finally {
    await parts.provider?.close();
  }
}

const judgeOf = policyCompiler();

function inOrder(trials: readonly TrialSpec[]): TrialChooser {
  const left = trials.values();
  return { most: trials.length, next: () => left.next().value, ended: () => {} };
}

/** Keeps as many trials going as there may be, and asks again whenever one has ended. */
async function runChosen(
  chooser: TrialChooser,
  { concurrency, isOver }: { concurrency: number; isOver(): boolean },
  start: (spec: TrialSpec) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  for (;;) {
    while (running.size < concurrency && !isOver()) {
      const spec = chooser.next();
      if (!spec) break;
      const trial: Promise<void> = start(spec).finally(() => running.delete(trial));
      running.add(trial);
    }
    if (running.size === 0) return;
    await Promise.race(running);
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

async function runWithRetries(
  spec: TrialSpec,
  parts: RunParts,
  ledger: Ledger,
  account: Account,
): Promise<{ tried: TrialSpec; end: TrialEnd }> {
  let trying = spec;
  let asked = spec;
  for (let retry = 1; ; ) {
    const end = await attempt(trying, parts, ledger, account);
    parts.watch.ended(trying, end);
    if (end.outcome === 'diverged' && trying.resumes !== undefined) {
      parts.watch.note(`${trying.trial}: ${end.error?.message ?? end.outcome}; starting over`);
      const { inherits, resumes: _, ...anew } = spec;
      asked = { ...anew, agent: inherits?.startsOver ?? spec.agent };
      trying = { ...asked, trial: `${spec.trial}-0`, retryOf: trying.trial };
      continue;
    }
    const isFinal = end.outcome !== 'infrastructure-error' || retry > parts.retries;
    if (isFinal || parts.signal.aborted || account.closed.aborted) return { tried: trying, end };
    parts.watch.note(
      `${trying.trial}: ${end.error?.message ?? end.outcome}; trying again (${retry} of ${parts.retries})`,
    );
    trying = { ...asked, trial: `${spec.trial}-${retry}`, retryOf: trying.trial };
    retry += 1;
  }
}

async function attempt(
  spec: TrialSpec,
  parts: RunParts,
  ledger: Ledger,
  account: Account,
): Promise<TrialEnd> {
  const plan = planTrial(spec, parts);
  const { inherits } = spec;
  ledger.update(spec, { status: 'running' });
  const writer = createTraceWriter({
    dir: join(parts.dir, spec.trial),
    bodiesDir: join(parts.dir, 'bodies'),
    secrets: parts.secrets,
    inherited: (event) => 'step' in event && event.step !== undefined && event.step < (inherits?.steps ?? 0),
  });
  const recorder = createRecorder(writer, (event) => parts.watch.event(spec, event));
  inherits?.follow?.(recorder);
  try {
    const judge = judgeOf(plan.policy, `policy of ${plan.task.name}`);
    const end = await runTrial(plan, {
      recorder,
      judge: inherits?.judge(judge) ?? judge,
      openToolbox: inherits?.toolbox(parts.openToolbox) ?? parts.openToolbox,
      signal: parts.signal,
      account,
    });
    ledger.update(spec, { status: 'ended', outcome: end.outcome, head: writer.close() });
    return end;
  } catch (error) {
    writer.close();
    throw error;
  }
}

/**
 * Prepares the provider for every image of the run. Where an image can't be built or pulled, each of its trials fails
 * with the same error, and nothing is built again.
 */
async function prepared(parts: RunParts, provider: SandboxProvider): Promise<SandboxProvider> {
  const removed = await provider.reap();
  if (removed > 0)
    parts.watch.note(`removed ${removed} sandbox${removed === 1 ? '' : 'es'} left by an earlier run`);
  const failures = new Map<string, ProctorError>();
  const keyOf = (spec: SandboxSpec) => JSON.stringify(spec.image);
  const seen = new Set<string>();
  for (const trial of parts.trials) {
    const sandbox = planTrial(trial, parts).sandbox?.spec;
    if (!sandbox || seen.has(keyOf(sandbox))) continue;
    seen.add(keyOf(sandbox));
    try {
      await provider.prepare(sandbox, parts.watch.note);
    } catch (error) {
      const failure =
        error instanceof ProctorError
          ? error
          : new ProctorError('sandbox-failed', messageOf(error), { cause: error });
      failures.set(keyOf(sandbox), failure);
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
