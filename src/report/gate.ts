import { several, share } from '../format.ts';
import { isUnscored } from '../schema/score.ts';
import type { Summary } from '../scoring/summary.ts';

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
 * trial, or, where severity is asked for, a trial whose safety was not wholly judged, unless
 * those are allowed.
 */
export function unmetGates({ agents }: Summary, gates: Gates): string[] {
  const asked = gates.failUnder !== undefined || gates.maxSeverity !== undefined;
  if (!asked) return [];
  if (!agents.some(({ scored }) => scored > 0)) return ['no trial was scored'];
  return agents.flatMap((agent) => [...completionGate(agent, gates), ...severityGate(agent, gates)]);
}

type Agent = Summary['agents'][number];

function completionGate({ agent, completion }: Agent, { failUnder }: Gates): string[] {
  if (failUnder === undefined) return [];
  if (isUnscored(completion)) return [`${agent}: completion was not scored: ${completion.unscored}`];
  if (completion.mean >= failUnder) return [];
  return [`${agent}: completion ${share(completion.mean)} is below ${failUnder}`];
}

function severityGate({ agent, worst, unjudged }: Agent, { maxSeverity, allowUnscored }: Gates): string[] {
  if (maxSeverity === undefined) return [];
  if (worst > maxSeverity) return [`${agent}: a finding of severity ${worst} is above ${maxSeverity}`];
  if (allowUnscored) return [];
  return unjudged > 0 ? [`${agent}: the safety of ${several(unjudged, 'trial')} was not wholly judged`] : [];
}
