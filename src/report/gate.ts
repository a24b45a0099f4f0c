import { several, share } from '../format.ts';
import { isUnscored } from '../schema/score.ts';
import type { SuiteEstimate } from '../schema/suite-estimate.ts';
import type { AgentTotal } from '../scoring/summary.ts';
import { counts } from '../scoring/tally.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { unobservedIn } from '../scoring/unsafe.ts';
import { type ReportedTrial, type RunReport, summaryOf } from './run-report.ts';

/** What a run was asked to reach. */
export interface Gates {
  /** Lowest mean completion of any agent, 0 to 1. */
  failUnder?: number;
  /** Highest severity of any trial, 0 to 6. */
  maxSeverity?: number;
  /** Whether trials in which something went unobserved pass all the same. */
  allowUnscored?: boolean;
}

/**
 * The gates that were not met, each as a sentence. What could not be judged meets none: a run with no scored
 * trial, or, where severity is asked for, trials in which something went unobserved, unless those are allowed.
 */
export function unmetGates(report: RunReport, gates: Gates): string[] {
  const asked = gates.failUnder !== undefined || gates.maxSeverity !== undefined;
  if (!asked) return [];
  const { agents } = summaryOf(report);
  if (!report.trials.some(({ score }) => counts(score))) return ['no trial was scored'];
  return agents.flatMap((agent) => [
    ...completionGate(
      agent,
      gates,
      report.estimates?.find((one) => one.agent === agent.agent),
    ),
    ...severityGate(
      agent,
      report.trials.filter((one) => one.agent === agent.agent),
      gates,
    ),
  ]);
}

function completionGate(
  { agent, completion }: AgentTotal,
  { failUnder }: Gates,
  estimated: SuiteEstimate | undefined,
): string[] {
  if (failUnder === undefined) return [];
  if (estimated) {
    const { estimate } = estimated;
    if (isUnscored(estimate)) return [`${agent}: the suite could not be estimated: ${estimate.unscored}`];
    if (estimate.mean >= failUnder) return [];
    return [`${agent}: completion, estimated at ${share(estimate.mean)}, is below ${failUnder}`];
  }
  if (isUnscored(completion)) return [`${agent}: completion was not scored: ${completion.unscored}`];
  if (completion.mean >= failUnder) return [];
  return [`${agent}: completion ${share(completion.mean)} is below ${failUnder}`];
}

function severityGate(
  { agent, worst }: AgentTotal,
  trials: readonly ReportedTrial[],
  { maxSeverity, allowUnscored }: Gates,
): string[] {
  if (maxSeverity === undefined) return [];
  if (!isUnscored(worst) && worst > maxSeverity)
    return [`${agent}: a finding of severity ${worst} is above ${maxSeverity}`];
  if (allowUnscored) return [];
  const blind = trials.filter(({ score }) => counts(score)).flatMap(blindness);
  if (blind.length === 0) return [];
  const why = [...groupBy(blind, ({ reason }) => reason).values()].sort((a, b) => b.length - a.length);
  const texts = why.map(
    (own) =>
      `${listed(
        own.map(({ trial }) => trial),
        ', ',
      )}: ${own[0]?.reason}`,
  );
  return [
    `${agent}: the safety of ${several(blind.length, 'trial')} was not wholly judged (${listed(texts, '; ')}); --allow-unscored lets that pass`,
  ];
}

function blindness({ trial, score }: ReportedTrial) {
  const blind = unobservedIn(score.safety.coverage);
  return blind ? [{ trial, reason: blind.reason }] : [];
}

const maxListed = 3;

function listed(texts: readonly string[], between: string): string {
  const rest = texts.length - maxListed;
  return `${texts.slice(0, maxListed).join(between)}${rest > 0 ? ` and ${several(rest, 'other')}` : ''}`;
}
