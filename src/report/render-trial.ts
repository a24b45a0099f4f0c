import {
  comparisonOfTests,
  count,
  duration,
  harmless,
  instanceLine,
  money,
  several,
  share,
  tokens,
} from '../format.ts';
import { isUnscored } from '../schema/score.ts';
import { agreementLine } from '../scoring/agreement.ts';
import { readTestReport } from '../scoring/failure.ts';
import { kindFigures, kindsJudged, kindsNotJudged } from '../scoring/kinds.ts';
import { isAlarm } from '../scoring/unsafe.ts';
import { cut, indent, type Limit, unlimited } from './cut.ts';
import { lineageLines } from './lineage.ts';
import { renderStep } from './render-step.ts';
import { type Selection, selectSteps } from './selection.ts';
import type { Colors, Style } from './style.ts';
import type { TrialDocument, VerdictDocument } from './trial-document.ts';

export interface PageOptions extends Selection {
  /** Shows all texts whole. */
  full?: boolean;
}

type Judged = NonNullable<TrialDocument['score']>;

const short: Limit = { lines: 12, characters: 1200 };

/** A trial as text, opening on what matters: its figures, where it went wrong, what the verifier said; then its steps. */
export function renderTrial(document: TrialDocument, options: PageOptions, style: Style): string {
  const { colors } = style;
  const limit = options.full ? unlimited : short;
  const steps = selectSteps(document.steps, options);
  const parts = [head(document, colors), ...opening(document, options, limit, colors)];
  const left = (document.score?.efficiency.steps ?? 0) - steps.length;
  parts.push(...steps.map((step) => renderStep(step, limit, colors, document.running)));
  if (left > 0) parts.push(colors.dim(`${several(left, 'other step')} not shown`));
  return `${parts.join('\n\n')}\n`;
}

function head(document: TrialDocument, colors: Colors): string {
  const { task, agent, attempt, outcome, running, error, limit, sandbox, score } = document;
  const lines = [
    `${colors.bold(task)} · ${agent} · attempt ${attempt}`,
    `trial ${document.trial} of run ${document.run} · ${document.environment}${sandbox ? ` on ${sandbox.provider} (${sandbox.profile})` : ''}`,
    `${outcome ?? (running ? 'running' : 'cut off')} after ${score ? `${several(score.efficiency.steps, 'step')} and ` : ''}${duration(document.durationMs)}`,
  ];
  if (document.instance) lines.push(instanceLine(document.instance));
  if (limit) lines.push(`limit reached: ${limit.limit} ${count(limit.value)} of ${count(limit.max)}`);
  if (error) lines.push(colors.red(harmless(`${error.code}: ${error.message}`)));
  lines.push(...lineageLines(document));
  lines.push(...(score ? figures(score, document.tokens) : [notJudged(document.trial)]));
  lines.push(...judgeLines(document));
  return lines.join('\n');
}

/** What a judge said, where one was asked, and how far it is to be believed. */
function judgeLines({ score, agreement }: TrialDocument): string[] {
  const judge = score?.safety.judge;
  if (!judge) return [];
  const { model, findings, answered, unscored, leftOut, costUsd } = judge;
  const left = leftOut > 0 ? `, ${several(leftOut, 'action')} not asked about` : '';
  return [
    `(judge) ${model}: ${several(findings.length, 'finding')} in ${several(answered.length, 'answer')}${left}, ${money(costUsd)}; ${agreementLine(agreement ?? undefined)}; in no other figure`,
    ...unscored.map(
      ({ question, callId, reason }) =>
        `(judge) not told: ${question}${callId === undefined ? '' : ` ${callId}`}: ${harmless(reason)}`,
    ),
  ];
}

function notJudged(trial: string): string {
  return `not judged: the trace is long and no score of it is kept; \`proctor score ${trial}\` makes one`;
}

function figures(score: Judged, used: TrialDocument['tokens']): string[] {
  const { completion, efficiency, safety, unscored } = score;
  const { reached, total } = completion.milestones;
  const found = safety.findings.filter(isAlarm).length;
  const kinds = Object.values(safety.coverage).flatMap((one) => ('unscored' in one ? one.unscored : []));
  const milestones = total > 0 ? ` · milestones ${reached} of ${total}` : '';
  const progress = isUnscored(completion.progress)
    ? ''
    : ` · progress ${share(completion.progress.final)} (best ${share(completion.progress.max)})`;
  return [
    `completion ${figure(completion.reward)}${milestones}${progress}`,
    `efficiency ${several(efficiency.calls, 'call')}, ratio to the reference ${share(efficiency.ratio)}, ${several(efficiency.errors, 'error')} (${efficiency.recovered} made good), ${tokens(used, efficiency.untold)} tokens, ${isUnscored(efficiency.costUsd) ? 'cost unknown' : money(efficiency.costUsd)}, model ${duration(efficiency.modelMs)}, tools ${duration(efficiency.toolMs)}, overhead ${duration(efficiency.overheadMs)}`,
    `safety ${found > 0 ? `worst ${safety.worst}, ${several(found, 'finding')}` : 'nothing found'}, safe success ${figure(safety.safeSuccess)}, judged for ${kindsJudged(kindFigures([score]))}${safety.tampered ? ', tampered with the evaluation' : ''}${safety.repaired ? ', a forbidden change was undone later' : ''}`,
    ...kindsNotJudged(score).map((text) => `not judged: ${harmless(text)}`),
    ...unscored
      .filter(({ reason }) => !kinds.includes(reason))
      .map(({ detector, reason }) => `not judged: ${detector}: ${reason}`),
  ];
}

function figure(value: number | boolean | { unscored: string }): string {
  if (isUnscored(value)) return `not scored (${value.unscored})`;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return share(value as number);
}

/** The step to look at first, unless one was asked for, with the verifier's output beside it. */
function opening(document: TrialDocument, options: PageOptions, limit: Limit, colors: Colors): string[] {
  const { opening, verdicts, testsCompared = [], answer } = document;
  const parts: string[] = [];
  const step = document.steps.find((one) => one.step === opening?.step);
  if (opening && step && options.step === undefined) {
    parts.push(
      `${colors.bold(`→ ${opening.why}`)}\n${indent(renderStep(step, limit, colors, document.running), '  ')}`,
    );
  }
  parts.push(...verdicts.map((verdict) => renderVerdict(verdict, limit, colors)));
  parts.push(...testsCompared.map(comparisonOfTests));
  if (answer !== undefined) parts.push(`answer\n${indent(cut(harmless(answer), limit), '  ')}`);
  return parts;
}

/** What a verifier said: its rewards, what failed, and its output. */
function renderVerdict(verdict: VerdictDocument, limit: Limit, colors: Colors): string {
  const { phase, by, where, rewards, checks, error, integrity, exitCode, durationMs } = verdict;
  const given = Object.entries(rewards ?? {}).map(([key, value]) => `${key} ${value}`);
  const code = exitCode === undefined ? [] : [`exit code ${exitCode}`];
  const head = [
    `verifier by ${by}, ${where}`,
    given.join(', ') || 'no reward',
    ...code,
    duration(durationMs),
  ];
  const lines = [colors.bold(phase > 0 ? `phase ${phase}: ${head.join(' · ')}` : head.join(' · '))];
  if (error)
    lines.push(colors.red(harmless(`  ${error.code} (fault of the ${error.fault}): ${error.message}`)));
  for (const sign of integrity) lines.push(colors.red(`  tampering: ${sign}`));
  for (const { name, passed, detail } of checks) {
    const text = `  ${passed ? '✓' : '✗'} ${name}${detail === undefined ? '' : `: ${harmless(detail)}`}`;
    lines.push(passed ? colors.green(text) : colors.red(text));
  }
  for (const line of testReportLines(verdict.ctrf)) lines.push(`  ${harmless(line)}`);
  for (const output of [verdict.stdout, verdict.stderr]) {
    if (output.trim() !== '') lines.push(indent(cut(harmless(output), limit), '  │ '));
  }
  return lines.join('\n');
}

const maxTests = 10;

/** A report in short: how many tests passed, then those that did not. Empty where it is none. */
function testReportLines(ctrf: unknown): string[] {
  const report = readTestReport(ctrf);
  if (!report) return [];
  const { ran, failed } = report;
  const left = failed.length - maxTests;
  return [
    `${ran - failed.length} of ${ran} tests passed`,
    ...failed.slice(0, maxTests),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}
