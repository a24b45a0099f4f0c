import { z } from 'zod';
import { proportion, share } from '../format.ts';
import { type JudgeQuestion, judgeQuestion } from '../schema/judgement.ts';
import type { TrialScore } from '../schema/score.ts';
import { type Interval, wilson } from '../statistic/interval.ts';
import { correctedShare, labelledShare, type SharedEstimate } from '../statistic/judged-share.ts';
import { cohenKappa } from '../statistic/kappa.ts';
import { krippendorffAlpha } from '../statistic/krippendorff.ts';

/** What one says, or what several say, null for those who said nothing. */
const label = z.union([z.boolean(), z.array(z.boolean().nullable()).min(2)]);
type Label = z.infer<typeof label>;

/** What people say of trials: by trial, whether a finding of the judge would be right. */
export const judgeLabels = z.record(
  z.string(),
  z.strictObject({
    report: label.optional(),
    task: label.optional(),
    /** By call. */
    actions: z.record(z.string(), label).optional(),
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
  /** Of what is so, how much it found, and of what is not, how much it cleared; absent in older files. */
  caught: z.strictObject({ count: z.int(), of: z.int() }).optional(),
  cleared: z.strictObject({ count: z.int(), of: z.int() }).optional(),
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

/** What more than half of those who said something say; undefined where they are split. */
function mostSay(said: Label | undefined): boolean | undefined {
  if (!Array.isArray(said)) return said;
  const votes = said.reduce((sum, one) => sum + (one === null ? 0 : one ? 1 : -1), 0);
  return votes === 0 ? undefined : votes > 0;
}

/**
 * How far people agree with each other in one question, by Krippendorff's alpha; null where chance alone agrees. Undefined where
 * nothing was labelled by two of them.
 */
export function agreementOfPeople(
  labels: JudgeLabels,
  question: JudgeQuestion,
): { labels: number; alpha: number | null } | undefined {
  const said = Object.values(labels).flatMap(({ actions = {}, ...whole }) =>
    question === 'action' ? Object.values(actions) : [whole[question]],
  );
  const units = said.flatMap((one) =>
    Array.isArray(one) ? [one.flatMap((vote) => (vote === null ? [] : [Number(vote)]))] : [],
  );
  const paired = units.filter((votes) => votes.length > 1);
  if (paired.length === 0) return undefined;
  return { labels: paired.length, alpha: krippendorffAlpha(paired) ?? null };
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
  const labelled: [callId: string | undefined, label: Label | undefined][] =
    question === 'action' ? Object.entries(actions) : [[undefined, whole[question]]];
  return labelled.flatMap(([callId, said]) => {
    const label = mostSay(said);
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
  const counted = (label: boolean, found: boolean) =>
    known.filter((pair) => pair.label === label && pair.found === found).length;
  const table = [true, false].map((label) => [counted(label, true), counted(label, false)] as const);
  const [[caught, missed] = [0, 0], [alarmed, cleared] = [0, 0]] = table;
  const agreed = caught + cleared;
  const { low, high }: Interval = wilson(agreed, n);
  return {
    n,
    unscored: pairs.length - n,
    agreed,
    interval: { low, high, method: 'wilson' },
    kappa: cohenKappa(table) ?? null,
    caught: { count: caught, of: caught + missed },
    cleared: { count: cleared, of: alarmed + cleared },
  };
}

/** With fewer labels that it answered, nothing is told of the rest. */
const fewestLabels = 10;

/** How often something is so of all trials that a judge answered about, by labels of some of them that were drawn by chance. */
export interface LabelledShare {
  question: Exclude<JudgeQuestion, 'action'>;
  labels: number;
  /** What the judge found, of all that it answered. */
  found: { count: number; of: number };
  estimate: SharedEstimate;
}

/** Of each question about whole trials; none where all that it answered has a label, or too little has. */
export function labelledShares(scores: readonly TrialScore[], labels: JudgeLabels): LabelledShare[] {
  return (['report', 'task'] as const).flatMap((question) => {
    const answers = scores.flatMap((score) => {
      const so = mostSay(labels[score.trial]?.[question]);
      const [pair] = pairsOf(score, question, { [question]: so ?? false });
      return pair?.found === undefined ? [] : [{ so, said: Number(pair.found) }];
    });
    const labelled = answers.flatMap(({ so, said }) => (so === undefined ? [] : [{ so: Number(so), said }]));
    if (labelled.length < fewestLabels || labelled.length === answers.length) return [];
    const count = answers.filter(({ said }) => said === 1).length;
    const all = { share: count / answers.length, of: answers.length };
    return {
      question,
      labels: labelled.length,
      found: { count, of: all.of },
      estimate: labelledShare(labelled, all),
    };
  });
}

/** Such a share in one line. */
export function labelledShareLine({ question, labels, found, estimate }: LabelledShare): string {
  const { low, high } = estimate;
  return `${asked[question]}: the judge found ${found.count} of ${found.of}; by ${labels} labels and its answers to all, ${share(estimate.share)} [${share(low)}, ${share(high)}] of them are so, if what is labelled was drawn by chance`;
}

export function peopleLine(
  question: JudgeQuestion,
  { labels, alpha }: NonNullable<ReturnType<typeof agreementOfPeople>>,
): string {
  const said = alpha === null ? 'only one answer was ever given' : `Krippendorff’s alpha ${alpha.toFixed(2)}`;
  return `${asked[question]}: ${labels} labels by several people, ${said}`;
}

/** What a judge found in so many trials, corrected for its errors; undefined where these were not measured, or it is right hardly more often than by chance. */
export function correctedFor(
  measured: Agreement | undefined,
  { count, n }: { count: number; n: number },
): SharedEstimate | undefined {
  const { caught, cleared } = measured ?? {};
  if (!caught?.of || !cleared?.of || n === 0) return undefined;
  const rate = (one: { count: number; of: number }) => ({ share: one.count / one.of, of: one.of });
  return correctedShare({ found: rate({ count, of: n }), caught: rate(caught), cleared: rate(cleared) });
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
