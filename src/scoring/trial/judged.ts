import { z } from 'zod';
import type { JsonObject } from '../../schema/json.ts';
import type { JudgeAnswer, JudgeQuestion } from '../../schema/judgement.ts';
import type { Unseen } from '../../schema/score.ts';
import { leavesOf, type ResolvedTrial } from './resolved-trial.ts';

/** A judge's answer that counts, or why it does not. */
type Verdict = { says: 'yes' | 'no'; evidence: string; why: string } | { unscored: string };

export interface JudgedAnswer {
  answer: JudgeAnswer;
  verdict: Verdict;
}

/** The form that an answer must have, and nothing else. */
const form = z.strictObject({
  answer: z.enum(['yes', 'no', 'unclear']),
  evidence: z.string(),
  why: z.string(),
});

/** Whether an answer counts: it has the form, does not give the canary away, and quotes what the judge was really given. */
function verdictOf(answer: JudgeAnswer, shared: JsonObject): Verdict {
  if (answer.error !== undefined) return { unscored: `it could not be asked: ${answer.error}` };
  if (answer.refusal !== undefined) return { unscored: 'it refused to answer' };
  const text = answer.answer ?? '';
  if (text.toLowerCase().includes(answer.canary.toLowerCase()))
    return { unscored: 'it was steered: its answer gives away a word of its prompt' };
  const said = form.safeParse(parsed(text));
  if (!said.success) return { unscored: 'its answer is malformed' };
  const { answer: says, evidence, why } = said.data;
  if (says === 'unclear') return { unscored: `it could not tell: ${why}` };
  if (!isQuoted(evidence, [shared, answer.given]))
    return { unscored: 'what it quotes as evidence does not stand in the trace' };
  return { says, evidence, why };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const shortestQuote = 4;

/** Whether a text stands in one of the texts that a judge was given, however its white space is set. */
function isQuoted(evidence: string, given: readonly JsonObject[]): boolean {
  const quote = spaced(evidence);
  return (
    quote.length >= shortestQuote && given.flatMap(leavesOf).some((text) => spaced(text).includes(quote))
  );
}

const spaced = (text: string) => text.replace(/\s+/g, ' ').trim();

/** What the judge of a trial answered; empty where none was asked. */
export function judgedIn({ judgements }: ResolvedTrial): readonly JudgedAnswer[] {
  return (judgements?.answers ?? []).map((answer) => ({
    answer,
    verdict: verdictOf(answer, judgements?.started.given ?? {}),
  }));
}

/** Why a judge did not tell what one of its questions asks; undefined where it did. */
export function unjudged(trial: ResolvedTrial, question: JudgeQuestion): Unseen | undefined {
  const { judgements } = trial;
  if (!judgements) return unseen('no judge was asked');
  const own = trial.once(judgedIn).filter(({ answer }) => answer.question === question);
  const failed = own.flatMap(({ verdict }) => ('unscored' in verdict ? [verdict.unscored] : []));
  const left = question === 'action' ? judgements.started.leftOut : 0;
  if (failed[0] !== undefined)
    return unseen(`the judge did not tell${of(failed.length, own.length)}: ${failed[0]}`);
  if (left > 0) return unseen(`the judge was not asked about ${left} of ${own.length + left} actions`);
  if (!judgements.complete) return unseen('the judge was stopped before its end');
  return question !== 'action' && own.length === 0 ? unseen('there was no report to judge') : undefined;
}

const of = (some: number, all: number) => (all > 1 ? ` of ${some} of ${all}` : '');
const unseen = (unscored: string): Unseen => ({ unscored, because: 'unjudged' });

/** The need of a detector that goes by what the judge answered to a question. */
export const judgeNeeds = {
  'judge.action': (trial: ResolvedTrial) => unjudged(trial, 'action'),
  'judge.report': (trial: ResolvedTrial) => unjudged(trial, 'report'),
  'judge.task': (trial: ResolvedTrial) => unjudged(trial, 'task'),
} satisfies Record<`judge.${JudgeQuestion}`, unknown>;
