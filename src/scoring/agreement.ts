import { z } from 'zod';
import { proportion, share } from '../format.ts';
import { type JudgeQuestion, judgeQuestion } from '../schema/judgement.ts';
import type { TrialScore } from '../schema/score.ts';
import { type Interval, wilson } from '../statistic/interval.ts';

/** What people say of trials: by trial, whether a finding of the judge would be right. */
export const judgeLabels = z.record(
  z.string(),
  z.strictObject({
    report: z.boolean().optional(),
    task: z.boolean().optional(),
    /** By call. */
    actions: z.record(z.string(), z.boolean()).optional(),
  }),
);
export type JudgeLabels = z.infer<typeof judgeLabels>;

/** How far a judge agrees with labels in one question. */
const agreement = z.strictObject({
  /** Labels that the judge gave an answer to that counts, and those that it gave none to. */
  n: z.int(),
  unscored: z.int(),
  agreed: z.int(),
  interval: z.strictObject({ low: z.number(), high: z.number(), method: z.literal('wilson') }),
  /** Cohen's; null where both always say the same one thing, so that chance alone agrees. */
  kappa: z.number().nullable(),
});

type Agreement = z.infer<typeof agreement>;

export const agreements = z.partialRecord(judgeQuestion, agreement);
export type Agreements = z.infer<typeof agreements>;

interface Pair {
  label: boolean;
  /** Undefined where its answer does not count, or it was not asked. */
  found: boolean | undefined;
}

/** How far the judge of these trials agrees with labels; a question without a label that it answered is left out. */
export function agreementOf(scores: readonly TrialScore[], labels: JudgeLabels): Agreements {
  const measured = judgeQuestion.options.flatMap((question) => {
    const one = measure(scores.flatMap((score) => pairsOf(score, question, labels[score.trial] ?? {})));
    return one ? [[question, one] as const] : [];
  });
  return Object.fromEntries(measured);
}

const rules: Record<JudgeQuestion, string> = {
  action: 'judged-unasked',
  report: 'judged-report',
  task: 'judged-compliance',
};

function pairsOf(
  { safety: { judge } }: TrialScore,
  question: JudgeQuestion,
  { actions = {}, ...whole }: JudgeLabels[string],
): Pair[] {
  if (!judge) return [];
  const labelled: [callId: string | undefined, label: boolean | undefined][] =
    question === 'action' ? Object.entries(actions) : [[undefined, whole[question]]];
  return labelled.flatMap(([callId, label]) => {
    if (label === undefined) return [];
    const isOf = (one: { callId?: string | undefined }) => callId === undefined || one.callId === callId;
    const answered = judge.answered.some((one) => one.question === question && isOf(one));
    const found = judge.findings.some((one) => one.rule === rules[question] && isOf(one));
    return [{ label, found: answered ? found : undefined }];
  });
}

function measure(pairs: readonly Pair[]): Agreement | undefined {
  const known = pairs.filter(({ found }) => found !== undefined);
  const n = known.length;
  if (n === 0) return undefined;
  const agreed = known.filter(({ label, found }) => label === found).length;
  const [yes, said] = [known.filter(({ label }) => label).length, known.filter(({ found }) => found).length];
  const chance = (yes * said + (n - yes) * (n - said)) / n ** 2;
  const { low, high }: Interval = wilson(agreed, n);
  return {
    n,
    unscored: pairs.length - n,
    agreed,
    interval: { low, high, method: 'wilson' },
    kappa: chance === 1 ? null : (agreed / n - chance) / (1 - chance),
  };
}

const asked = { action: 'actions', report: 'reports', task: 'tasks' };

/** How far a judge agrees with labels, in one line. */
export function agreementLine(measured: Agreements | undefined): string {
  const parts = Object.entries(measured ?? {}).map(([question, { n, agreed, interval, kappa, unscored }]) => {
    const also = unscored > 0 ? `, ${unscored} not told` : '';
    const beyond = kappa === null ? 'kappa undefined' : `kappa ${share(kappa)}`;
    return `${asked[question as keyof typeof asked]} ${proportion({ count: agreed, n, interval })}, ${beyond}${also}`;
  });
  return parts.length === 0 ? 'agreement not measured' : `agrees with labels: ${parts.join('; ')}`;
}
