import { join } from 'node:path';
import { policyCompiler } from '../policy/compile.ts';
import type { TraceEvent } from '../schema/trace-event.ts';
import type { Head } from '../trace/chain.ts';
import { createRecorder } from '../trace/recorder.ts';
import { createTraceWriter } from '../trace/writer.ts';
import type { Account } from './account.ts';
import type { OpenToolbox } from './plan.ts';
import { runTrial, type TrialEnd } from './trial.ts';
import { planTrial, type TrialSettings, type TrialSpec } from './trial-plan.ts';
import type { Claim } from './work.ts';

/** What the trials of a run have in common while they run. */
export interface TrialSurroundings extends TrialSettings {
  /** Folder of the run; holds `bodies/` and a folder per trial. */
  dir: string;
  /** How often a trial that ended in an infrastructure error is tried again. */
  retries: number;
  /** Secrets by name; their values are never written. */
  secrets: Record<string, string>;
  openToolbox: OpenToolbox;
  account: Account;
  signal: AbortSignal;
  watch: RunWatch;
}

/** Who follows a run while it goes on. */
export interface RunWatch {
  note(line: string): void;
  event(spec: TrialSpec, event: TraceEvent): void;
  ended(spec: TrialSpec, end: TrialEnd): void;
}

/** Runs a claimed trial, again where it failed through no fault of the agent. Throws where its trace can't be written. */
export async function runClaim(claim: Claim, around: TrialSurroundings): Promise<void> {
  const { spec } = claim;
  const { retries, watch, account } = around;
  const signal = claim.signal ? AbortSignal.any([around.signal, claim.signal]) : around.signal;
  let trying = spec;
  let asked = spec;
  for (let retry = 1; ; ) {
    await claim.begin(trying);
    const { end, head } = await recordTrial(trying, { ...around, signal });
    await claim.end(trying, end, head);
    watch.ended(trying, end);
    if (end.outcome === 'diverged' && trying.resumes !== undefined) {
      watch.note(`${trying.trial}: ${end.error?.message ?? end.outcome}; starting over`);
      const { inherits, resumes: _, ...anew } = spec;
      asked = { ...anew, agent: inherits?.startsOver ?? spec.agent };
      trying = { ...asked, trial: `${spec.trial}-0`, retryOf: trying.trial };
      continue;
    }
    const isFinal = end.outcome !== 'infrastructure-error' || retry > retries;
    if (isFinal || signal.aborted || account.closed.aborted) {
      const cut = account.closed.aborted && end.outcome === 'out-of-budget';
      return claim.finish(trying, end, cut);
    }
    watch.note(
      `${trying.trial}: ${end.error?.message ?? end.outcome}; trying again (${retry} of ${retries})`,
    );
    trying = { ...asked, trial: `${spec.trial}-${retry}`, retryOf: trying.trial };
    retry += 1;
  }
}

const judgeOf = policyCompiler();

async function recordTrial(
  spec: TrialSpec,
  around: TrialSurroundings,
): Promise<{ end: TrialEnd; head: Head }> {
  const plan = planTrial(spec, around);
  const { inherits } = spec;
  const writer = createTraceWriter({
    dir: join(around.dir, spec.trial),
    bodiesDir: join(around.dir, 'bodies'),
    secrets: around.secrets,
    inherited: (event) => 'step' in event && event.step !== undefined && event.step < (inherits?.steps ?? 0),
  });
  const recorder = createRecorder(writer, (event) => around.watch.event(spec, event));
  inherits?.follow?.(recorder);
  try {
    const judge = judgeOf(plan.policy, `policy of ${plan.task.name}`);
    const end = await runTrial(plan, {
      recorder,
      judge: inherits?.judge(judge) ?? judge,
      openToolbox: inherits?.toolbox(around.openToolbox) ?? around.openToolbox,
      signal: around.signal,
      account: around.account,
    });
    return { end, head: writer.close() };
  } catch (error) {
    writer.close();
    throw error;
  }
}
