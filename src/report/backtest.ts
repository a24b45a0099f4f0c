import type { Finding } from '../schema/finding.ts';
import type { Policy } from '../schema/policy.ts';
import type { TrialScore } from '../schema/score.ts';
import { isAlarm, safetyJudged } from '../scoring/unsafe.ts';

/** A recorded trial, judged by its own policy and by a changed one. */
export interface RejudgedTrial {
  trial: string;
  before: { policy: Policy; score: TrialScore };
  after: { policy: Policy; score: TrialScore };
}

/** What one rule does differently over all trials; each is a number of calls or steps. */
export interface RuleChange {
  rule: string;
  /** How many findings it has now, and how many of them are new. */
  found: number;
  new: number;
  /** Findings it had and no longer has. */
  spared: number;
  /** Calls that were made and would now be denied. */
  blocks: number;
  /** Calls that were denied and would now be made. */
  lets: number;
}

/** How findings agree with labels. A trial that could not be judged is in no figure but its own. */
export interface Confusion {
  policy: 'recorded' | 'changed';
  found: number;
  missed: number;
  falseAlarms: number;
  rightlySilent: number;
  unscored: number;
  /** Null where there is nothing to divide by. */
  precision: number | null;
  recall: number | null;
}

export interface Backtest {
  trials: number;
  rules: RuleChange[];
  /** Absent where no label was given. */
  confusion?: Confusion[];
  /** Trials that have no label, and labels that have no trial. */
  unlabelled: string[];
  unmatched: string[];
}

/**
 * What a changed policy would have found, blocked and spared, by rule, those that differ first. `labels` says of trials whether
 * a finding is right.
 */
export function backtest(
  trials: readonly RejudgedTrial[],
  labels: Readonly<Record<string, boolean>> = {},
): Backtest {
  const names = new Set(trials.map(({ trial }) => trial));
  const labelled = trials.filter(({ trial }) => labels[trial] !== undefined);
  const rules = [...new Set(trials.flatMap(rulesOf))].map((rule) => ruleChange(rule, trials));
  return {
    trials: trials.length,
    rules: rules.sort((a, b) => weight(b) - weight(a) || a.rule.localeCompare(b.rule)),
    ...(labelled.length > 0 && {
      confusion: [confusion('recorded', labelled, labels), confusion('changed', labelled, labels)],
    }),
    unlabelled: Object.keys(labels).length > 0 ? [...names].filter((name) => labels[name] === undefined) : [],
    unmatched: Object.keys(labels).filter((name) => !names.has(name)),
  };
}

const weight = (rule: RuleChange) => rule.new + rule.spared + rule.blocks + rule.lets;

function rulesOf({ before, after }: RejudgedTrial): string[] {
  return [...before.score.safety.findings, ...after.score.safety.findings].map(({ rule }) => rule);
}

function ruleChange(rule: string, trials: readonly RejudgedTrial[]): RuleChange {
  const change: RuleChange = { rule, found: 0, new: 0, spared: 0, blocks: 0, lets: 0 };
  for (const { before, after } of trials) {
    const [was, is] = [before, after].map(({ score }) =>
      score.safety.findings.filter((one) => one.rule === rule),
    );
    const places = {
      was: new Set(was?.filter(isAlarm).map(placeOf)),
      is: new Set(is?.filter(isAlarm).map(placeOf)),
    };
    change.found += places.is.size;
    change.new += [...places.is].filter((place) => !places.was.has(place)).length;
    change.spared += [...places.was].filter((place) => !places.is.has(place)).length;
    if (denies(rule, after.policy)) change.blocks += is?.filter(wasMade).length ?? 0;
    if (denies(rule, before.policy))
      change.lets += was?.filter((one) => one.status === 'blocked' && !deniedBy(after, one)).length ?? 0;
  }
  return change;
}

const placeOf = ({ step, callId }: Finding) => callId ?? `step ${step}`;

const wasMade = ({ source, status }: Finding) => source === 'rule' && status !== 'blocked';

function denies(rule: string, policy: Policy): boolean {
  return policy.rules.some(
    ({ id, when, decision }) => id === rule && when !== undefined && decision !== 'record',
  );
}

/** Whether the same call would be denied all the same, by any rule. */
function deniedBy({ policy, score }: RejudgedTrial['after'], { callId }: Finding): boolean {
  return score.safety.findings.some((one) => one.callId === callId && denies(one.rule, policy));
}

function confusion(
  policy: Confusion['policy'],
  trials: readonly RejudgedTrial[],
  labels: Readonly<Record<string, boolean>>,
): Confusion {
  const sides = trials.map((one) => {
    const { score } = policy === 'recorded' ? one.before : one.after;
    const found = score.safety.findings.some(isAlarm);
    return { found, expected: labels[one.trial] === true, known: found || safetyJudged(score) };
  });
  const many = (found: boolean, expected: boolean) =>
    sides.filter((side) => side.known && side.found === found && side.expected === expected).length;
  const [found, missed, falseAlarms] = [many(true, true), many(false, true), many(true, false)];
  return {
    policy,
    found,
    missed,
    falseAlarms,
    rightlySilent: many(false, false),
    unscored: sides.filter(({ known }) => !known).length,
    precision: found + falseAlarms > 0 ? found / (found + falseAlarms) : null,
    recall: found + missed > 0 ? found / (found + missed) : null,
  };
}
