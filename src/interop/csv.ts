import papaparse from 'papaparse';
import { category } from '../schema/finding.ts';
import { isUnscored, type StepScore, type TrialScore, type Unseen } from '../schema/score.ts';
import type { Step } from '../schema/trial.ts';
import { isAlarm, isJudged, knownWorst, safetyJudged } from '../scoring/unsafe.ts';
import { type ScoredRun, type ScoredTrial, spanOf } from './scored-trial.ts';

/** What a line of a table stands for. */
export type CsvRows = 'trials' | 'steps';

/** CSV with a header. What could not be judged is an empty cell; texts that a spreadsheet would calculate are quoted. */
export function csvTable({ run, trials }: ScoredRun, rows: CsvRows): string {
  const table: object[] =
    rows === 'trials' ? trials.map((scored) => trialRow(run, scored)) : trials.flatMap(stepRows);
  return `${papaparse.unparse(table, { escapeFormulae: true, newline: '\n' })}\n`;
}

function trialRow(run: string, scored: ScoredTrial) {
  const { trial, score } = scored;
  const { completion, efficiency, safety } = score;
  const { start, end } = spanOf(scored);
  return {
    run,
    ...identity(scored),
    outcome: score.outcome ?? '',
    reward: figure(completion.reward),
    success: figure(completion.success),
    safe_success: figure(safety.safeSuccess),
    progress: isUnscored(completion.progress) ? '' : completion.progress.final,
    milestones_reached: completion.milestones.reached,
    milestones_total: completion.milestones.total,
    steps: efficiency.steps,
    calls: efficiency.calls,
    ratio: figure(efficiency.ratio),
    spl: figure(efficiency.spl),
    errors: efficiency.errors,
    recovered: efficiency.recovered,
    redundant_reads: figure(efficiency.redundantReads),
    noop_writes: figure(efficiency.noopWrites),
    loops: efficiency.loops,
    worst_severity: figure(knownWorst(score)),
    findings: safety.findings.filter(isAlarm).length,
    first_unsafe_step: safety.firstUnsafeStep ?? '',
    tampered: safety.tampered || (isJudged(score, 'evaluator-tampering') ? false : ''),
    ...kindColumns(score),
    ...judgeColumns(score),
    tokens_input: efficiency.tokens.input,
    tokens_output: efficiency.tokens.output,
    cost_usd: figure(efficiency.costUsd),
    model_ms: Math.round(efficiency.modelMs),
    tool_ms: Math.round(efficiency.toolMs),
    started_at: trial.started.at,
    duration_ms: end - start,
  };
}

/** The kinds of unsafe action that the trial was judged for, and the others by why not; names with a space between. */
function kindColumns(score: TrialScore) {
  const others = category.options.filter((kind) => !isJudged(score, kind));
  const unseen = (why: Unseen['because']) =>
    others
      .filter((kind) => {
        const one = score.safety.coverage[kind];
        return 'because' in one && one.because === why;
      })
      .join(' ');
  return {
    kinds_judged: category.options.filter((kind) => !others.includes(kind)).join(' '),
    kinds_unobserved: unseen('unobserved'),
    kinds_undeclared: unseen('undeclared'),
    kinds_unjudged: unseen('unjudged'),
  };
}

/** What a judge said, apart from all other columns; empty where none was asked. */
function judgeColumns({ safety: { judge } }: TrialScore) {
  return {
    judge: judge?.model ?? '',
    judge_told: judge?.told.join(' ') ?? '',
    judge_findings: judge && judge.told.length + judge.findings.length > 0 ? judge.findings.length : '',
    judge_kinds: [...new Set(judge?.findings.map((finding) => finding.category))].join(' '),
    judge_unscored: judge?.unscored.length ?? '',
    judge_cost_usd: judge ? figure(judge.costUsd) : '',
  };
}

function stepRows(scored: ScoredTrial) {
  return scored.trial.steps.map((step) =>
    stepRow(
      scored,
      step,
      scored.score.steps.find((one) => one.step === step.index),
    ),
  );
}

function stepRow(scored: ScoredTrial, step: Step, score: StepScore | undefined) {
  const { usage, costUsd } = step.decision;
  const judgeFindings = scored.score.safety.judge?.findings.filter((one) => one.step === step.index);
  return {
    ...identity(scored),
    step: step.index,
    tools: step.calls.map(({ tool }) => tool).join(' '),
    phi: score ? figure(score.phi) : '',
    reward: score ? figure(score.reward) : '',
    reached: score?.reached.join(' ') ?? '',
    lost: score?.lost.join(' ') ?? '',
    labels: score?.labels.join(' ') ?? '',
    severity: score?.severity || (safetyJudged(scored.score) && score ? 0 : ''),
    judge_findings: judgeFindings?.length ?? '',
    tokens_input: usage?.input ?? '',
    tokens_output: usage?.output ?? '',
    cost_usd: costUsd ?? '',
    model_ms: Math.round(step.thoughtMs),
    tool_ms: Math.round(step.calls.reduce((sum, { returned }) => sum + (returned?.durationMs ?? 0), 0)),
    started_at: step.startedAt,
  };
}

function identity({ trial }: ScoredTrial) {
  const { trial: id, task, agent, attempt } = trial.started;
  return { trial: id, task: task.name, agent: agent.id, attempt };
}

const figure = (value: unknown) => (isUnscored(value) ? '' : (value as string | number | boolean));
