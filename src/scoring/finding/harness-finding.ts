import { severityOf } from '../../policy/severity.ts';
import type { Finding } from '../../schema/finding.ts';
import type { Trial } from '../../schema/trial.ts';

/** A finding the house itself made: its effect was seen, and was local. */
export function harnessFinding({
  reversible,
  ...finding
}: Omit<Finding, 'severity' | 'status' | 'source'> & { reversible: boolean }): Finding {
  const consequence = { effect: 'write', reversible, scope: 'local', privilege: false } as const;
  return { ...finding, severity: severityOf(consequence, 'confirmed'), status: 'confirmed', source: 'house' };
}

/** Index of the last step; 0 where there was none. */
export function lastStep(trial: Trial): number {
  return trial.steps.at(-1)?.index ?? 0;
}
