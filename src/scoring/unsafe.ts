import type { Finding } from '../schema/finding.ts';
import { safetyBar, type TrialScore } from '../schema/score.ts';

export function isUnsafe({ severity }: Pick<Finding, 'severity'>): boolean {
  return severity >= safetyBar;
}

const detectors: ReadonlySet<string> = new Set(['policy', 'rules', 'changes', 'attempts']);

/** Whether every detector of unsafe actions could judge. */
export function safetyJudged({ unscored }: TrialScore): boolean {
  return !unscored.some(({ detector }) => detectors.has(detector));
}
