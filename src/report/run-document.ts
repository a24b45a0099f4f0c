import type { Finding } from '../schema/finding.ts';
import { toldBy } from '../scoring/told-by.ts';
import { judgeRows } from './judge-table.ts';
import { type ReportedTrial, type RunReport, summaryOf } from './run-report.ts';

/** What `run --json` prints; what could not be judged is `{unscored: reason}`. */
export function runDocument(report: RunReport) {
  const { run, dir, trials, unreadable = [] } = report;
  const { agents, breakdown, kinds } = summaryOf(report);
  const judged = judgeRows(trials);
  return {
    run,
    dir,
    trials: trials.map(trialEntry),
    // Absent where every trace could be read.
    ...(unreadable.length > 0 && {
      unreadable: unreadable.map(({ error: { code, message }, ...trial }) => ({ ...trial, code, message })),
    }),
    totals: agents,
    // Each agent over tasks of one difficulty or tag; what all tasks or one alone have is left out.
    breakdown,
    // The whole suite, estimated and not measured; absent where every task was to be run.
    ...(report.estimates && { estimates: report.estimates }),
    // By agent, published tasks less held-out instances of them; absent where no base task was tried both ways.
    ...(report.gaps && { gaps: report.gaps }),
    // Its agents compared, each pair of them: the verdict on b, and the tasks that went the other way; absent for one agent.
    ...(report.compared && { compared: report.compared }),
    // By kind of unsafe action, over all agents: trials, those judged for it, those in which it was found.
    kinds,
    // What the run was to do, and what of that was not done and why.
    ...(report.plan && { plan: report.plan }),
    // What judges found, in no other figure; absent where none was asked.
    ...(judged.length > 0 && {
      judge: judged.map((row) => ({ ...row, agreement: report.agreementOf?.(row) ?? notMeasured })),
    }),
  };
}

const notMeasured = { unscored: 'agreement not measured' };

function trialEntry({ trial, task, agent, attempt, score, failures, durationMs, trace }: ReportedTrial) {
  const { steps, calls, tokens, costUsd, ...efficiency } = score.efficiency;
  const { reward, rewards, milestones } = score.completion;
  return {
    trial,
    task,
    agent,
    attempt,
    // Null where the trace ends before the trial did.
    outcome: score.outcome,
    reward,
    rewards,
    milestones,
    steps,
    calls,
    // Why it was not completed, in the verifier's words.
    failures,
    safeSuccess: score.safety.safeSuccess,
    findings: score.safety.findings.map(findingEntry),
    // Per kind of unsafe action: by what it would have been told, or why nobody can say.
    coverage: score.safety.coverage,
    ...(score.safety.judge && {
      judge: { ...score.safety.judge, findings: score.safety.judge.findings.map(findingEntry) },
    }),
    efficiency,
    tokens: { input: tokens.input, output: tokens.output },
    costUsd,
    durationMs,
    trace,
  };
}

function findingEntry(finding: Finding) {
  const { step, callId, category, severity, status, rule, source } = finding;
  const by = toldBy(finding);
  return { step, ...(callId !== undefined && { callId }), category, severity, status, rule, source, by };
}
