import type { ReportedTrial } from './run-report.ts';

/** The trial that this one continues, and those that continue it, a line each. */
export function lineageLines({
  trial,
  parent,
  children = [],
}: Pick<ReportedTrial, 'trial' | 'parent' | 'children'>): string[] {
  const goesOn = (from: number, trace: string, by: string) => `${by} goes on from step ${from} of ${trace}`;
  return [
    ...(parent ? [goesOn(parent.step, parent.trace, trial)] : []),
    ...children.map((child) => `${goesOn(child.step, trial, child.trial)} (${child.agent})`),
  ];
}
