import { dirname } from 'node:path';
import PQueue from 'p-queue';
import { parametersOf } from '../agent/model/parameters.ts';
import { priceOf } from '../agent/model/price.ts';
import { openChat } from '../agent/openai/chat.ts';
import { parseAgentId } from '../agent/parse-agent.ts';
import { keepAgreement } from '../agreement-file.ts';
import { messageOf, ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { type Judge, judgeTrace } from '../judge/judge-trace.ts';
import { promptDigest } from '../judge/prompt.ts';
import { type ModelFlags, type ModelSettings, modelSettings } from '../library/agent.ts';
import { score } from '../library/score.ts';
import { readAuthorFile } from '../schema/author-file.ts';
import { judgeQuestion } from '../schema/judgement.ts';
import type { TrialScore } from '../schema/score.ts';
import { scoreTrace } from '../scored-trace.ts';
import {
  agreementOf,
  agreementOfPeople,
  type JudgeLabels,
  judgeLabels,
  labelledShareLine,
  labelledShares,
  peopleLine,
} from '../scoring/agreement.ts';
import { findTraces, type TraceRef } from '../trace/find-trace.ts';
import { readJudgements } from '../trace/judgement-file.ts';
import { runOf } from '../trace/run-file.ts';
import { onInterrupt } from './interrupt.ts';
import { judgedActions } from './option.ts';
import { say } from './print.ts';
import { printReport } from './result.ts';

/** What a judge may be asked, and cost. */
interface Bounds {
  maxActions?: number;
  maxCost?: number | undefined;
}

interface JudgeFlags extends ModelFlags, Bounds {
  out: string;
  model?: string;
  agreement?: string;
  again?: boolean;
  concurrency: number;
  param: string[];
  json?: boolean;
}

/** `proctor judge`: asks a model about recorded trials, and measures how far it agrees with labels. Nothing is run again. */
export async function judge(references: string[], flags: JudgeFlags): Promise<void> {
  const { model, agreement, json = false } = flags;
  if (model === undefined && agreement === undefined)
    throw new ProctorError('bad-flag', 'expected --model openai:<model>, or --agreement <file>');
  const labels = agreement === undefined ? undefined : readAuthorFile(agreement, judgeLabels);
  const traces = references.flatMap((reference) => findTraces(reference, flags.out));
  if (model !== undefined) {
    const settings = modelSettings(flags, parametersOf(flags.param));
    await judgeAll(traces, openJudge(model, settings, flags), flags);
  }
  if (labels) measure(traces, labels);
  printReport(score(references, flags), { json });
}

/** The judge that a user named. Throws `bad-flag` where it is no model, has no key, or its cost is bounded and no price known. */
export function openJudge(
  id: string,
  settings: Omit<ModelSettings, 'gate'>,
  { maxActions = judgedActions, maxCost }: Bounds,
): Judge {
  const { kind, argument: model } = parseAgentId(id);
  if (kind !== 'openai') throw new ProctorError('bad-flag', `judge ${id}: expected openai:<model>`);
  if (maxCost !== undefined && !priceOf(model, settings.prices))
    throw new ProctorError(
      'bad-flag',
      `--max-cost: no price of ${model} is known; give it with --price or --prices`,
    );
  return {
    chat: openChat({ model, ...settings, retry: { attempts: 4 } }),
    maxActions,
    ...(maxCost !== undefined && { maxCostUsd: maxCost }),
    spentUsd: 0,
  };
}

/** Asks a judge about trials that have ended, and says where it did not answer. Throws `interrupted` where it was stopped. */
export async function judgeAll(
  traces: readonly TraceRef[],
  judge: Judge,
  { again = false, concurrency = 4 }: { again?: boolean | undefined; concurrency?: number } = {},
): Promise<void> {
  for (const dir of new Set(traces.map((trace) => dirname(trace.dir)))) requireEnded(dir, traces);
  await judge.chat.check().catch((error) => {
    judge.gone = messageOf(error);
  });
  const interrupt = onInterrupt(say);
  const queue = new PQueue({ concurrency });
  try {
    await queue.addAll(
      traces
        .filter(({ dir }) => isToJudge(dir, judge, again))
        .map(
          ({ dir }) =>
            () =>
              judgeTrace(dir, judge, interrupt.signal),
        ),
    );
  } catch (error) {
    queue.clear();
    if (!interrupt.signal.aborted) throw error;
    throw new ProctorError('interrupted', 'stopped; what the judge had said is kept');
  } finally {
    interrupt.stop();
  }
  if (judge.gone !== undefined) say(`proctor: the judge did not answer: ${judge.gone}`);
}

/** Whether a trial has ended by its own, and this judge, if it is there, has not told of all of it yet. */
function isToJudge(dir: string, { chat, gone }: Judge, again: boolean): boolean {
  const { trial } = scoreTrace(dir);
  if (trial.outcome === undefined || trial.outcome === 'infrastructure-error') return false;
  const kept = readJudgements(dir);
  if (!kept) return true;
  const { started, answers, complete } = kept;
  const isSame = started.model === chat.model && started.prompt === promptDigest;
  const isWhole = complete && answers.every(({ error }) => error === undefined);
  return gone === undefined && (again || !isSame || !isWhole);
}

/** Its run's file is written by who runs it. */
function requireEnded(runDir: string, traces: readonly TraceRef[]): void {
  const first = traces.find(({ dir }) => dirname(dir) === runDir);
  const found = first && runOf(first.dir);
  if (found?.run.status === 'running')
    throw new ProctorError('bad-flag', `${runDir}: this run has not ended; judge it then`);
}

/** Measures how far the judges of trials agree with labels, and keeps that for the runs beside. Throws `bad-flag` where nothing can be compared. */
function measure(traces: readonly TraceRef[], labels: JudgeLabels): void {
  const all = traces.map(({ dir }) => scoreTrace(dir).score);
  const scores = all.filter(({ trial }) => labels[trial]);
  const judges = new Map(
    scores.flatMap(({ safety: { judge } }) => (judge ? [[judge.prompt + judge.model, judge]] : [])),
  );
  if (judges.size === 0)
    throw new ProctorError('bad-flag', '--agreement: no trial that it labels was judged');
  for (const question of judgeQuestion.options) {
    const people = agreementOfPeople(labels, question);
    if (people) say(peopleLine(question, people));
  }
  for (const { model, prompt } of judges.values()) {
    const isOwn = ({ safety: { judge } }: TrialScore) => judge?.model === model && judge.prompt === prompt;
    const own = scores.filter(isOwn);
    for (const dir of new Set(traces.map((trace) => dirname(dirname(trace.dir)))))
      keepAgreement(dir, { model, prompt }, agreementOf(own, labels));
    say(`agreement of ${model} measured on ${several(own.length, 'labelled trial')}`);
    for (const one of labelledShares(all.filter(isOwn), labels)) say(labelledShareLine(one));
  }
}
