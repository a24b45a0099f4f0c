import type { Call, Trial } from '../../schema/trial.ts';
import type { BodyReader } from '../../trace/body-store.ts';

interface Sequence {
  trial: Trial;
  bodies: BodyReader;
}

/** Where two trials of one task are cut. */
export interface Cut {
  /** The last step that is taken over. */
  after: number;
  /** Whether it is the first in which the two decided otherwise; false where one of them ends with that, and the cut comes before. */
  parting: boolean;
}

/**
 * The cut after the first step in which two trials made other calls. Undefined where there is none to be made: they never part,
 * or one of them ends with its first step.
 */
export function cutAtParting(a: Sequence, b: Sequence): Cut | undefined {
  const shorter = Math.min(a.trial.steps.length, b.trial.steps.length);
  let parting = 0;
  while (parting < shorter && callsOf(a, parting) === callsOf(b, parting)) parting++;
  if (parting === shorter && a.trial.steps.length === b.trial.steps.length) return undefined;
  const after = Math.min(parting, lastOpen(a.trial), lastOpen(b.trial));
  return after < 0 ? undefined : { after, parting: after === parting };
}

/** The last step after which a trial still went on. */
export function lastOpen({ steps }: Trial): number {
  return steps.length - 2;
}

function callsOf({ trial, bodies }: Sequence, step: number): string {
  const calls = trial.steps[step]?.calls ?? [];
  return JSON.stringify(calls.map((call: Call) => [call.tool, bodies.text(call.arguments)]));
}
