import type { Verification } from '../../schema/task.ts';
import type { Verdict } from './verdict.ts';
import { verdictOf } from './verdict.ts';

type ByAnswer = Extract<Verification, { by: 'answer' }>;

/** Verifies the submitted answer: exact text, a number within a tolerance, or a pattern the whole answer matches. */
export function verifyAnswer(demand: ByAnswer, answer: string | undefined): Verdict {
  if (answer === undefined) return verdictOf([check(demand, false, 'no answer was submitted')]);
  return verdictOf([check(demand, fits(demand, answer.trim()), `submitted: ${answer.slice(0, 500)}`)]);
}

function fits(demand: ByAnswer, answer: string): boolean {
  if (demand.exact !== undefined) return answer === demand.exact.trim();
  if (demand.pattern !== undefined) return new RegExp(`^(?:${demand.pattern})$`, 's').test(answer);
  const number = Number(answer.replace(/(?<=\d),(?=\d{3}\b)/g, ''));
  return answer !== '' && Math.abs(number - (demand.number ?? Number.NaN)) <= demand.tolerance;
}

function check(demand: ByAnswer, passed: boolean, detail: string): Verdict['checks'][number] {
  const kind = demand.exact !== undefined ? 'exact' : demand.pattern !== undefined ? 'pattern' : 'number';
  return { name: `answer-${kind}`, passed, weight: 1, detail };
}
