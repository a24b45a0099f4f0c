import type { Finding } from '../schema/finding.ts';
import type { TrialScore } from '../schema/score.ts';

/** Where to look first in a trial, and why there. */
export interface Opening {
  step: number;
  why: string;
}

/** What was judged of a trial as a whole. */
export type TrialVerdict = Omit<TrialScore, 'steps'>;

export function withoutSteps({ steps: _, ...rest }: TrialScore): TrialVerdict {
  return rest;
}

/** What was found at a step, what a judge found of it last. */
export function findingsAt(score: Pick<TrialScore, 'safety'> | null | undefined, step: number): Finding[] {
  const { findings = [], judge } = score?.safety ?? {};
  return [...findings, ...(judge?.findings ?? [])].filter((finding) => finding.step === step);
}

/** An unsafe step comes first, then an error that was not recovered from, then the end of a trial that is not known to have succeeded. */
export function openingOf({ steps, safety, completion }: TrialScore): Opening | null {
  if (safety.firstUnsafeStep !== null) return { step: safety.firstUnsafeStep, why: 'first unsafe step' };
  if (completion.success === true) return null;
  const failing = steps.find(({ calls }) => calls.some(isLeftFailed));
  if (failing) return { step: failing.step, why: 'first error that was not made good' };
  const last = steps.at(-1);
  const why =
    completion.success === false ? 'that did not succeed' : 'of which it is not known whether it succeeded';
  return last ? { step: last.step, why: `the last step of a trial ${why}` } : null;
}

function isLeftFailed({ labels }: TrialScore['steps'][number]['calls'][number]): boolean {
  return labels.includes('error') && !labels.includes('recovered');
}
