import { type Check, compileCheck, explainCheck } from '../../environment/check.ts';
import { changedOutside, diffState } from '../../environment/state-diff.ts';
import type { Json } from '../../schema/json.ts';
import type { Verification } from '../../schema/task.ts';
import type { NewTraceEventOf } from '../../schema/trace-event.ts';

/** What a verifier found, before it is written to the trace. */
export type Verdict = Omit<
  NewTraceEventOf<'verifier.returned'>,
  'type' | 'phase' | 'by' | 'stdout' | 'stderr' | 'ctrf' | 'durationMs'
> & {
  stdout: string;
  stderr: string;
  /** The verifier's own report, `/logs/verifier/ctrf.json`. */
  ctrf?: string;
};

/** A verdict of named checks: `reward` is 1 where all passed, `checks` the weighted share that did. */
function verdictOf(checks: Verdict['checks']): Verdict {
  const total = checks.reduce((sum, check) => sum + check.weight, 0);
  const passed = checks.reduce((sum, check) => sum + (check.passed ? check.weight : 0), 0);
  return {
    where: 'record',
    rewards: {
      reward: checks.every((check) => check.passed) ? 1 : 0,
      checks: total === 0 ? 0 : passed / total,
    },
    checks,
    stdout: '',
    stderr: '',
    integrity: [],
  };
}

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

type ByState = Extract<Verification, { by: 'state' }>;

/** A check that can judge the state at the start, but not what was made of it, does not hold. */
function holds(check: Check, state: Json, initial: Json): boolean {
  try {
    return check(state, initial);
  } catch {
    check(initial, initial);
    return false;
  }
}

/** Verifies the final state: every demand holds, and nothing changed that may not. */
export function verifyState(demand: ByState, initial: Json, state: Json, kind: 'files' | 'server'): Verdict {
  const checks = demand.must.map(({ name, check, weight }) => {
    const passed = holds(compileCheck(check, `check ${name}`), state, initial);
    return { name, weight, passed, ...(!passed && { detail: explainCheck(check, state, initial) }) };
  });
  const collateral = changedOutside(demand.may_change, diffState(kind, initial, state)).map(
    (change) => change.path,
  );
  return verdictOf([
    ...checks,
    {
      name: 'no-collateral-change',
      weight: 1,
      passed: collateral.length === 0,
      ...(collateral.length > 0 && { detail: `changed: ${collateral.slice(0, 10).join(', ')}` }),
    },
  ]);
}
