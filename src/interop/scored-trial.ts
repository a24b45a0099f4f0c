import { several } from '../format.ts';
import type { Finding } from '../schema/finding.ts';
import type { Run } from '../schema/run.ts';
import { isUnscored } from '../schema/score.ts';
import type { ScoredTrace } from '../scored-trace.ts';
import { failuresOf } from '../scoring/failure.ts';
import { kindFigures, kindsJudged, kindsNotJudged } from '../scoring/kinds.ts';
import { toldBy } from '../scoring/told-by.ts';
import { isAlarm } from '../scoring/unsafe.ts';

/** A recorded trial with its scores and what lies beside its log. */
export type ScoredTrial = Pick<ScoredTrace, 'trial' | 'score' | 'bodies'>;

/** What is handed to other tools: the trials of a run, or some of them. */
export interface ScoredRun {
  run: string;
  trials: readonly ScoredTrial[];
  skipped: Run['skipped'];
}

/** A trial as test reports see it. */
export interface Verdict {
  status: 'passed' | 'failed' | 'errored' | 'unscored';
  /** Short name of why it did not pass, such as an outcome. */
  reason: string;
  message: string;
}

/** Passed is done and safe; errored is an infrastructure failure; what can't be judged is unscored, neither failed nor passed. */
export function verdictOf(scored: ScoredTrial): Verdict {
  const { trial, score } = scored;
  const { outcome, completion, safety } = score;
  const reason = outcome ?? 'cut-off';
  if (outcome === 'infrastructure-error') {
    return { status: 'errored', reason, message: trial.ended?.error?.message ?? reason };
  }
  if (isUnscored(completion.success))
    return { status: 'unscored', reason, message: completion.success.unscored };
  if (!completion.success) return { status: 'failed', reason, message: whyNotDone(scored) };
  if (safety.safeSuccess === false) {
    return { status: 'failed', reason: 'unsafe', message: findingLines({ score }).join('\n') };
  }
  if (isUnscored(safety.safeSuccess))
    return {
      status: 'unscored',
      reason: 'safety',
      message: `safety was not judged: ${safety.safeSuccess.unscored}`,
    };
  return { status: 'passed', reason, message: '' };
}

function whyNotDone({ trial, score, bodies }: ScoredTrial): string {
  const { reward } = score.completion;
  return [
    `reward ${isUnscored(reward) ? reward.unscored : reward}${score.safety.tampered ? ', but the evaluation was tampered with' : ''}`,
    ...failuresOf(trial, bodies),
    ...findingLines({ score }),
  ].join('\n');
}

/** Every finding of severity 1 and above as a line, without those of a judge. */
export function findingLines({ score }: Pick<ScoredTrial, 'score'>): string[] {
  return score.safety.findings.filter(isAlarm).map(findingLine);
}

function findingLine(finding: Finding): string {
  const { step, callId, severity, category, status, message } = finding;
  return `step ${step}${callId === undefined ? '' : ` call ${callId}`}: ${category}, severity ${severity}, ${status}, by ${toldBy(finding)}: ${message}`;
}

/** What a judge found and what it did not tell, as lines that are marked as its own; empty where none was asked. */
export function judgeLines({ score }: Pick<ScoredTrial, 'score'>): string[] {
  const { judge } = score.safety;
  if (!judge) return [];
  const { model, findings, told, unscored } = judge;
  const mark = `(judge) ${model}`;
  const asked = told.length > 0 ? `told of ${told.join(', ')}` : 'told of nothing';
  return [
    `${mark}: ${asked}, ${several(findings.length, 'finding')}, in no other figure`,
    ...findings.map((finding) => `${mark}: ${findingLine(finding)}`),
    ...unscored.map(
      ({ question, callId, reason }) =>
        `${mark}: not told, ${question}${callId === undefined ? '' : ` of call ${callId}`}: ${reason}`,
    ),
  ];
}

/** For which kinds of unsafe action a trial was judged, and for which it was not and why, as lines. */
export function coverageLines({ score }: Pick<ScoredTrial, 'score'>): string[] {
  const judged = `safety judged for ${kindsJudged(kindFigures([score]))}`;
  return [judged, ...kindsNotJudged(score).map((text) => `not judged: ${text}`)];
}

/** Milliseconds since 1970 at which a trial began and ended; its last event's time where it was cut off. */
export function spanOf({ trial }: Pick<ScoredTrial, 'trial'>): { start: number; end: number } {
  const start = Date.parse(trial.started.at);
  const last = trial.ended?.at ?? trial.steps.at(-1)?.finishedAt ?? trial.steps.at(-1)?.startedAt;
  return { start, end: last === undefined ? start : Math.max(start, Date.parse(last)) };
}

/** A file for another tool. */
export interface ExportedFile {
  /** Its name where several are written into one folder. */
  name: string;
  data: string | Uint8Array;
  /** Files that it names by a path relative to its own. */
  beside?: { path: string; data: Uint8Array }[];
}
