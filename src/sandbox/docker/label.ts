import { ownerOfThisProcess } from './owner.ts';

/** Labels on everything that is made, so that leftovers can be found. */
export const labelNames = {
  proctor: 'proctor',
  run: 'proctor.run',
  owner: 'proctor.owner',
  kept: 'proctor.kept',
} as const;

export function containerLabels(runId: string, kept = false): Record<string, string> {
  return {
    [labelNames.proctor]: '1',
    [labelNames.run]: runId,
    [labelNames.owner]: ownerOfThisProcess(),
    ...(kept && { [labelNames.kept]: '1' }),
  };
}
