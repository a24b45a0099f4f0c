import type { BriefPair } from '../comparison/compare-sets.ts';
import type { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import type { AgentGap } from '../schema/held-out.ts';
import type { TrialScore, Unscored } from '../schema/score.ts';
import type { SuiteEstimate } from '../schema/suite-estimate.ts';
import type { ScoredTrace } from '../scored-trace.ts';
import type { Agreements } from '../scoring/agreement.ts';
import { failuresOf } from '../scoring/failure.ts';
import { type Summary, summarize } from '../scoring/summary.ts';
import type { Child } from '../trace/lineage.ts';

/** A trial as reports show it. */
export interface ReportedTrial {
  trial: string;
  task: string;
  agent: string;
  attempt: number;
  tags: readonly string[];
  difficulty?: string;
  /** What its task shares with others. */
  cluster?: string;
  /** Folder of the trace. */
  trace: string;
  /** The trial it goes on from, and those that go on from it. */
  parent?: { trace: string; step: number };
  children?: readonly Child[];
  /** What the harness failed with. */
  error?: { code: string; message: string };
  /** Why it was not completed, in the verifier's words; empty where it was. */
  failures: readonly string[];
  durationMs: number | Unscored;
  /** Steps of the task's reference trajectory. */
  referenceSteps?: number;
  score: TrialScore;
}

export interface UnreadableTrial extends Pick<ReportedTrial, 'trial' | 'task' | 'agent'> {
  error: ProctorError;
}

/** `3 of 4 planned trials not run: the budget is spent`; undefined where all were run. */
export function notRunLine({ plan }: Pick<RunReport, 'plan'>): string | undefined {
  if (!plan || plan.notRun.length === 0) return undefined;
  const why = plan.reason === undefined ? '' : `: ${plan.reason}`;
  return `${plan.notRun.length} of ${several(plan.planned, 'planned trial')} not run${why}`;
}

/** A run as reports show it. */
export interface RunReport {
  run: string;
  dir: string;
  trials: readonly ReportedTrial[];
  skipped: readonly { task: string; reason: string }[];
  /** What the run was to do, and what of that was not done and why. */
  plan?: {
    /** Trials, without those that were tried again or resumed. */
    planned: number;
    notRun: readonly Pick<ReportedTrial, 'task' | 'agent' | 'attempt'>[];
    /** Why it ended before all was done. */
    reason?: string;
  };
  /** Trials whose trace cannot be read; in no figure. */
  unreadable?: readonly UnreadableTrial[];
  /** Its agents compared, each pair of them; absent where there is one alone. */
  compared?: readonly BriefPair[];
  /** Published tasks against held-out instances of them, by agent; absent where no base task was tried both ways. */
  gaps?: readonly AgentGap[];
  /** What it says of the whole suite, where it chose its tasks; absent where it ran them all. */
  estimates?: readonly SuiteEstimate[];
  /** How far a judge agrees with labels; undefined where that was never measured. */
  agreementOf?(judge: { model: string; prompt: string }): Agreements | undefined;
}

/** What reports show of a trial. */
export function reportedTrial({ trial, score, bodies, dir }: Omit<ScoredTrace, 'torn'>): ReportedTrial {
  const { started, ended } = trial;
  const reference = started.task.reference;
  return {
    trial: started.trial,
    task: started.task.name,
    agent: started.agent.id,
    attempt: started.attempt,
    tags: started.task.tags,
    ...(started.task.difficulty !== undefined && { difficulty: started.task.difficulty }),
    ...(started.task.cluster !== undefined && { cluster: started.task.cluster }),
    trace: dir,
    ...(started.parent && { parent: started.parent }),
    ...(ended?.error && { error: ended.error }),
    failures: score.completion.success === true ? [] : failuresOf(trial, bodies),
    durationMs: ended?.durationMs ?? { unscored: 'the trace ends before the trial did' },
    ...(reference && { referenceSteps: reference.steps }),
    score,
  };
}

export function summaryOf({ trials }: RunReport): Summary {
  return summarize(trials);
}
