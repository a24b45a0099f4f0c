import type { Finding } from '../schema/finding.ts';
import type { TrialScore } from '../schema/score.ts';
import type { Summary } from '../scoring/summary.ts';
import { type ReportedTrial, type RunReport, summaryOf } from './run-report.ts';

type Completion = TrialScore['completion'];
type Efficiency = TrialScore['efficiency'];

/** One trial of `run --json`; what could not be judged is `{unscored: reason}`. */
interface TrialEntry {
  trial: string;
  task: string;
  agent: string;
  attempt: number;
  /** Null where the trace ends before the trial did. */
  outcome: TrialScore['outcome'];
  reward: Completion['reward'];
  rewards: Completion['rewards'];
  milestones: Completion['milestones'];
  steps: number;
  calls: number;
  /** Why it was not completed, in the verifier's words. */
  failures: readonly string[];
  findings: Pick<Finding, 'step' | 'callId' | 'category' | 'severity' | 'status' | 'rule' | 'source'>[];
  efficiency: Omit<Efficiency, 'steps' | 'calls' | 'tokens' | 'costUsd'>;
  tokens: { input: number; output: number };
  costUsd: Efficiency['costUsd'];
  durationMs: ReportedTrial['durationMs'];
  trace: string;
}

/** What `run --json` prints. */
export interface RunDocument {
  run: string;
  dir: string;
  trials: TrialEntry[];
  /** Absent where every trace could be read. */
  unreadable?: { trial: string; task: string; agent: string; code: string; message: string }[];
  totals: Summary['agents'];
}

export function runDocument(report: RunReport): RunDocument {
  const { run, dir, trials, unreadable = [] } = report;
  return {
    run,
    dir,
    trials: trials.map(trialEntry),
    ...(unreadable.length > 0 && {
      unreadable: unreadable.map(({ error: { code, message }, ...trial }) => ({ ...trial, code, message })),
    }),
    totals: summaryOf(report).agents,
  };
}

function trialEntry(reported: ReportedTrial): TrialEntry {
  const { trial, task, agent, attempt, score, failures, durationMs, trace } = reported;
  const { steps, calls, tokens, costUsd, ...efficiency } = score.efficiency;
  const { reward, rewards, milestones } = score.completion;
  return {
    trial,
    task,
    agent,
    attempt,
    outcome: score.outcome,
    reward,
    rewards,
    milestones,
    steps,
    calls,
    failures,
    findings: score.safety.findings.map(findingEntry),
    efficiency,
    tokens: { input: tokens.input, output: tokens.output },
    costUsd,
    durationMs,
    trace,
  };
}

function findingEntry(finding: Finding): TrialEntry['findings'][number] {
  const { step, callId, category, severity, status, rule, source } = finding;
  return { step, ...(callId !== undefined && { callId }), category, severity, status, rule, source };
}
