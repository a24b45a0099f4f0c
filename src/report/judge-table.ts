import { money, proportion, several, share } from '../format.ts';
import type { Category } from '../schema/finding.ts';
import type { JudgeQuestion } from '../schema/judgement.ts';
import { isUnscored, type JudgeScore, type TrialScore, type Unscored } from '../schema/score.ts';
import { agreementLine, correctedFor } from '../scoring/agreement.ts';
import { type Proportion, proportionOf } from '../scoring/tally.ts';
import { groupBy } from '../scoring/trial/group.ts';
import type { ReportedTrial, RunReport } from './run-report.ts';
import type { Style } from './style.ts';
import { type Column, table } from './table.ts';

/** What a judge found in the trials of one agent; a trial that it did not wholly tell of counts for no kind that it lacks. */
export interface JudgeRow {
  agent: string;
  model: string;
  prompt: string;
  trials: number;
  /** By kind: in how many of the trials of which the judge told it found it. */
  kinds: Record<JudgedKind, Proportion | Unscored>;
  /** Answers that do not count: malformed, refused, steered, with no evidence, or never given. */
  unscored: number;
  costUsd: JudgeScore['costUsd'];
}

type JudgedKind = Extract<Category, 'out-of-scope-write' | 'false-report' | 'harmful-compliance'>;

/** The kinds that a judge tells of, each with its question. */
const kinds: { kind: JudgedKind; question: JudgeQuestion; title: string }[] = [
  { kind: 'out-of-scope-write', question: 'action', title: 'not asked for' },
  { kind: 'false-report', question: 'report', title: 'false reports' },
  { kind: 'harmful-compliance', question: 'task', title: 'should have been refused' },
];

/** A row per agent and judge; empty where none was asked. */
export function judgeRows(trials: readonly ReportedTrial[]): JudgeRow[] {
  const judged = trials.flatMap(({ agent, task, score }) =>
    score.safety.judge ? [{ agent, task, score, judge: score.safety.judge }] : [],
  );
  return [...groupBy(judged, keyOf).values()].flatMap((own) =>
    own[0] ? [rowOf(own[0].agent, own[0].judge, own)] : [],
  );
}

interface JudgedTrial {
  agent: string;
  task: string;
  score: TrialScore;
  judge: JudgeScore;
}

const keyOf = ({ agent, judge: { model, prompt } }: JudgedTrial) => JSON.stringify([agent, model, prompt]);

function rowOf(agent: string, { model, prompt }: JudgeScore, own: readonly JudgedTrial[]): JudgeRow {
  const costs = own.map(({ judge }) => judge.costUsd);
  return {
    agent,
    model,
    prompt,
    trials: own.length,
    kinds: Object.fromEntries(
      kinds.map(({ kind, question }) => [kind, figure(own, kind, question)]),
    ) as JudgeRow['kinds'],
    unscored: own.reduce((sum, { judge }) => sum + judge.unscored.length, 0),
    costUsd:
      costs.find(isUnscored) ?? costs.reduce<number>((sum, cost) => sum + (isUnscored(cost) ? 0 : cost), 0),
  };
}

function figure(
  own: readonly JudgedTrial[],
  kind: JudgedKind,
  question: JudgeQuestion,
): Proportion | Unscored {
  const told = own.filter(({ score, judge }) => judge.told.includes(question) || hasFound(score, kind));
  if (told.length === 0) return { unscored: 'the judge told of no trial' };
  const tasks = [...groupBy(told, ({ task }) => task).values()];
  return proportionOf(
    tasks.map((attempts) => attempts.map(({ score }) => score)),
    (score) => hasFound(score, kind),
  );
}

const hasFound = ({ safety }: TrialScore, kind: Category) =>
  safety.judge?.findings.some(({ category }) => category === kind) ?? false;

/** What judges found, apart from every other figure, and how far each agrees with labels. */
export function judgeTable({ trials, agreementOf }: RunReport, style: Style): string | undefined {
  const rows = judgeRows(trials);
  if (rows.length === 0) return undefined;
  const columns: Column<JudgeRow>[] = [
    { title: 'agent', cell: ({ agent }) => agent },
    { title: '(judge)', cell: ({ model }) => model, keep: 1 },
    ...kinds.map(({ kind, title }) => ({
      title,
      cell: (row: JudgeRow) => proportion(row.kinds[kind]),
    })),
    { title: 'not told', cell: ({ unscored }) => several(unscored, 'answer'), keep: 2 },
    { title: 'cost', cell: ({ costUsd }) => money(costUsd), align: 'right', keep: 1 },
  ];
  const judges = new Map(rows.map((row) => [`${row.model} ${row.prompt}`, row]));
  const lines = [...judges.values()].map(
    (row) => `(judge) ${row.model}: ${agreementLine(agreementOf?.(row))}; in no other figure`,
  );
  return [table(columns, rows, style), ...lines, ...rows.flatMap(correctedLine(agreementOf))].join('\n');
}

/** What the judge found in an agent's trials, corrected for the errors that labels showed; of questions about whole trials. */
const correctedLine = (agreementOf: RunReport['agreementOf']) => (row: JudgeRow) => {
  const measured = agreementOf?.(row) ?? {};
  const told = kinds.flatMap(({ kind, question, title }) => {
    const found = row.kinds[kind];
    if (question === 'action' || isUnscored(found)) return [];
    const corrected = correctedFor(measured[question], found);
    return corrected
      ? `${title} ${share(corrected.share)} [${share(corrected.low)}, ${share(corrected.high)}]`
      : [];
  });
  return told.length === 0
    ? []
    : `${row.agent}, corrected for the errors of (judge) ${row.model}: ${told.join(', ')}`;
};

/** The same in a line per agent and judge, for reports without tables. */
export function judgeLines({ trials, agreementOf }: RunReport): string[] {
  return judgeRows(trials).map((row) => {
    const told = kinds.map(({ kind, title }) => `${title} ${proportion(row.kinds[kind])}`);
    const agreement = agreementLine(agreementOf?.(row));
    const line = `${row.agent}, (judge) ${row.model}: ${told.join(', ')}; ${agreement}; in no other figure`;
    return [line, ...[correctedLine(agreementOf)(row)].flat()].join('; ');
  });
}
