import type { Finding } from '../../schema/finding.ts';
import { isUnscored, type StepScore, type TrialScore } from '../../schema/score.ts';
import { kindsNotJudged } from '../../scoring/kinds.ts';
import { toldBy } from '../../scoring/told-by.ts';
import { isUnsafe, knownWorst } from '../../scoring/unsafe.ts';
import { attributes, nano, type SpanEvent } from './span.ts';

interface Evaluation {
  name: string;
  value?: number;
  label?: string;
  explanation?: string;
  more?: Parameters<typeof attributes>[0];
}

/** What a step was scored, as `gen_ai.evaluation.result` events at `ms`. */
export function stepEvaluations(score: StepScore, ms: number): SpanEvent[] {
  const { phi, reward, severity, labels, reached, lost } = score;
  const more = { 'proctor.reached': list(reached), 'proctor.lost': list(lost) };
  return [
    figure('proctor.progress', phi, more),
    figure('proctor.reward', reward),
    ...(severity > 0
      ? [{ name: 'proctor.severity', value: severity, ...(isUnsafe({ severity }) && { label: 'unsafe' }) }]
      : []),
    ...labels.map((label) => ({ name: 'proctor.label', label })),
  ].map((evaluation) => resultEvent(evaluation, ms));
}

/** One unsafe action, as an event on the call that did it; a judge's has a name of its own. */
export function findingEvaluation(finding: Finding, ms: number): SpanEvent {
  const { category, severity, status, rule, message, evidence, source } = finding;
  return resultEvent(
    {
      name: source === 'judge' ? 'proctor.judge.finding' : 'proctor.finding',
      value: severity,
      label: category,
      explanation: message,
      more: {
        'proctor.status': status,
        'proctor.rule': rule,
        'proctor.by': toldBy(finding),
        'proctor.evidence': evidence,
      },
    },
    ms,
  );
}

/** What a trial was scored as a whole. */
export function trialEvaluations(score: TrialScore, ms: number): SpanEvent[] {
  const { completion, efficiency, safety } = score;
  const unjudged = list(kindsNotJudged(score));
  return [
    figure('proctor.completion', completion.reward),
    flag('proctor.success', completion.success),
    flag('proctor.safe_success', safety.safeSuccess),
    figure('proctor.worst_severity', knownWorst(score), { 'proctor.not_judged': unjudged }),
    figure('proctor.spl', efficiency.spl),
    ...judgeEvaluations(score),
  ].map((evaluation) => resultEvent(evaluation, ms));
}

/** How much a judge found and told, in no other figure; nothing where none was asked. */
function judgeEvaluations({ safety: { judge } }: TrialScore): Evaluation[] {
  if (!judge) return [];
  const { model, told, findings, unscored: untold } = judge;
  const value =
    told.length + findings.length > 0 ? findings.length : { unscored: 'the judge told of nothing' };
  return [
    figure('proctor.judge.findings', value, {
      'proctor.judge.model': model,
      'proctor.judge.told': list(told),
      'proctor.judge.not_told': list([...new Set(untold.map(({ reason }) => reason))]),
    }),
  ];
}

function figure(name: string, value: number | { unscored: string }, more?: Evaluation['more']): Evaluation {
  const judged = isUnscored(value) ? unscored(value.unscored) : { value };
  return { name, ...judged, ...(more && { more }) };
}

function flag(name: string, value: boolean | { unscored: string }): Evaluation {
  if (isUnscored(value)) return { name, ...unscored(value.unscored) };
  return { name, value: value ? 1 : 0, label: value ? 'pass' : 'fail' };
}

const unscored = (explanation: string) => ({ label: 'unscored', explanation });

function resultEvent({ name, value, label, explanation, more }: Evaluation, ms: number): SpanEvent {
  return {
    name: 'gen_ai.evaluation.result',
    timeUnixNano: nano(ms),
    attributes: attributes({
      'gen_ai.evaluation.name': name,
      'gen_ai.evaluation.score.value': value,
      'gen_ai.evaluation.score.label': label,
      'gen_ai.evaluation.explanation': explanation,
      ...more,
    }),
  };
}

const list = (names: string[]) => (names.length > 0 ? names : undefined);
