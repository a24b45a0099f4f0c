import { expect } from 'vitest';
import { ProctorError } from './errors.ts';
import { money, several } from './format.ts';
import type { ReportedTrial } from './report/run-report.ts';
import type { Category, Finding } from './schema/finding.ts';
import { isUnscored, safetyBar, type Unscored } from './schema/score.ts';
import { openingOf } from './scoring/opening.ts';
import { counts } from './scoring/tally.ts';
import { isJudged, unobservedIn } from './scoring/unsafe.ts';

/** What a trial may use; each at most. */
export interface TrialLimits {
  steps?: number;
  calls?: number;
  /** Input and output together. */
  tokens?: number;
  costUsd?: number;
  seconds?: number;
}

/** Expectations of a trial, such as one of `(await runSuite(…)).trials`. What could not be told meets none, nor its opposite. */
export interface TrialMatchers<R = unknown> {
  /** Its task is done: the reward is 1, and the evaluation was not tampered with. */
  toComplete(): R;
  /** Nothing at or above the severity was found, and nothing went unobserved, unless that is allowed; 2 when absent. */
  toBeSafe(options?: { below?: number; allowUnscored?: boolean }): R;
  /** It used no more than this. */
  toStayUnder(limits: TrialLimits): R;
  /** Something of this kind, or with these properties, was found. */
  toHaveFinding(wanted: Category | Partial<Finding>): R;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: vitest's own declaration, which this one is merged with
  interface Matchers<T = any> extends TrialMatchers<T> {}
}

/** Whether an expectation is met, or why that can't be told. */
type Told = { met: boolean; why: string } | Unscored;

/** A matcher that names the trial, the step to look at and the trace's folder where it fails. */
function matcher<Args extends unknown[]>(
  expected: (...args: Args) => string,
  tell: (trial: ReportedTrial, ...args: Args) => Told,
) {
  return function match(this: { isNot: boolean }, received: unknown, ...args: Args) {
    const trial = trialIn(received);
    const told = tell(trial, ...args);
    const wish = `${this.isNot ? 'not ' : ''}${expected(...args)}`;
    if (isUnscored(told)) {
      // Failing either way: what is not known is neither so nor not so.
      return {
        pass: this.isNot,
        message: () => failure(trial, wish, `that can’t be told: ${told.unscored}`),
      };
    }
    return { pass: told.met, message: () => failure(trial, wish, told.why) };
  };
}

function trialIn(received: unknown): ReportedTrial {
  const trial = received as ReportedTrial | undefined;
  if (typeof trial?.trace === 'string' && trial.score?.completion) return trial;
  throw new ProctorError('bad-flag', 'expected a trial, such as one of (await runSuite(…)).trials');
}

function failure({ task, agent, attempt, trace, score }: ReportedTrial, wish: string, why: string): string {
  const opening = openingOf(score);
  const look = opening ? `look at step ${opening.step}, the ${opening.why.replace(/^the /, '')}\n` : '';
  return `expected ${agent} at ${task} (attempt ${attempt}) ${wish}, but ${why}\n${look}trace: ${trace}`;
}

/** Of a trial that failed through no fault of its agent, that nothing was found says nothing. */
const cutShort = ({ score, error }: ReportedTrial): Unscored => ({
  unscored: error?.message ?? `the trial ended as ${score.outcome ?? 'cut off'}`,
});

const describe = ({ step, callId, category, severity, status, message }: Finding) =>
  `step ${step}${callId === undefined ? '' : ` (call ${callId})`}: ${category}, severity ${severity}, ${status}: ${message}`;

const toComplete = matcher(
  () => 'to complete its task',
  ({ score: { completion, outcome }, failures, error }) => {
    const { success, reward } = completion;
    if (isUnscored(success))
      return { unscored: error ? `${success.unscored} (${error.message})` : success.unscored };
    const got = isUnscored(reward) ? `no reward: ${reward.unscored}` : `a reward of ${reward}`;
    return { met: success, why: [`it ended as ${outcome} with ${got}`, ...failures].join('; ') };
  },
);

const toBeSafe = matcher(
  ({ below = safetyBar }: { below?: number; allowUnscored?: boolean } = {}) =>
    `to do nothing of severity ${below} or above`,
  (trial, { below = safetyBar, allowUnscored = false } = {}) => {
    const { safety } = trial.score;
    const unsafe = safety.findings.filter(({ severity }) => severity >= below);
    if (unsafe.length === 0 && !counts(trial.score)) return cutShort(trial);
    const blind = unsafe.length > 0 || allowUnscored ? undefined : unobservedIn(safety.coverage);
    if (blind) return { unscored: `${blind.kind}: ${blind.reason}` };
    const found = unsafe.length > 0 ? unsafe.map(describe).join('\n  ') : 'nothing was found';
    return { met: unsafe.length === 0, why: found };
  },
);

const toStayUnder = matcher(
  (limits: TrialLimits) =>
    `to use at most ${Object.entries(limits)
      .map(([name, most]) => `${most} ${name}`)
      .join(', ')}`,
  ({ score: { efficiency }, durationMs }, limits) => {
    const { steps, calls, tokens, costUsd } = efficiency;
    const used: Record<keyof TrialLimits, number | Unscored> = {
      steps,
      calls,
      tokens: efficiency.untold
        ? { unscored: `${several(efficiency.untold, 'decision')} without a count of tokens` }
        : tokens.input + tokens.output,
      costUsd,
      seconds: isUnscored(durationMs) ? durationMs : durationMs / 1000,
    };
    const asked = (Object.keys(limits) as (keyof TrialLimits)[]).filter((name) => limits[name] !== undefined);
    const over = asked.filter((name) => !isUnscored(used[name]) && Number(used[name]) > Number(limits[name]));
    const unknown = asked.map((name) => used[name]).find(isUnscored);
    if (over.length === 0 && unknown) return unknown;
    const shown = (over.length > 0 ? over : asked).map(
      (name) => `${amount(name, Number(used[name]))} ${name}`,
    );
    return { met: over.length === 0, why: `it used ${shown.join(', ')}` };
  },
);

const amount = (name: keyof TrialLimits, value: number) =>
  name === 'costUsd' ? money(value) : String(value);

const toHaveFinding = matcher(
  (wanted: Category | Partial<Finding>) => `to have a finding of ${JSON.stringify(wanted)}`,
  (trial, wanted) => {
    const { score } = trial;
    const properties: Partial<Finding> = typeof wanted === 'string' ? { category: wanted } : wanted;
    const fits = (finding: Finding) =>
      Object.entries(properties).every(([name, value]) => finding[name as keyof Finding] === value);
    const { findings, coverage } = score.safety;
    const found = findings.filter(fits);
    if (found.length > 0) return { met: true, why: `there is ${found.map(describe).join('\n  ')}` };
    if (!counts(score)) return cutShort(trial);
    const { category } = properties;
    const unseen = category && coverage[category];
    if (category && unseen && 'unscored' in unseen && !isJudged(score, category))
      return { unscored: unseen.unscored };
    return {
      met: false,
      why: findings.length === 0 ? 'nothing was found' : `found was ${findings.map(describe).join('\n  ')}`,
    };
  },
);

expect.extend({ toComplete, toBeSafe, toStayUnder, toHaveFinding });
