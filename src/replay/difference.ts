import { createTwoFilesPatch } from 'diff';
import type { Cause } from './cause.ts';

/** Where a replay first went another way than its record. */
export interface Difference {
  /** Absent for what came before the first step, or, with `end`, after the last. */
  step?: number;
  end?: true;
  callId?: string;
  /** What differs, such as `observation` or `state`. */
  what: string;
  recorded: string;
  replayed: string;
  /** What is likely to blame: a changed file or image, else what the calls depend on. */
  cause?: Cause | string;
}

/** Lines around a change, and characters of a diff, that are shown. */
const context = 2;
const longest = 4000;

/** A difference as text: where it is, what it is, both sides, and the likely cause. */
export function describeDifference(difference: Difference): string {
  const { what, cause } = difference;
  return [
    `${placeOf(difference)}: ${what} differs${cause === undefined ? '' : ` (likely cause: ${cause})`}`,
    patchOf(difference),
  ].join('\n');
}

/** Such as `step 3, call 3.0`. */
export function placeOf({ step, end, callId }: Pick<Difference, 'step' | 'end' | 'callId'>): string {
  if (step === undefined) return end ? 'the end' : 'the start';
  return callId === undefined ? `step ${step}` : `step ${step}, call ${callId}`;
}

function patchOf({ recorded, replayed }: Difference): string {
  const patch = createTwoFilesPatch('recorded', 'replayed', `${recorded}\n`, `${replayed}\n`, '', '', {
    context,
  });
  const lines = patch.split('\n').filter((line) => !/^(=+|Index:.*|\\ No newline.*)$/.test(line));
  const text = lines.join('\n').trimEnd();
  return text.length > longest ? `${text.slice(0, longest)}\n[…]` : text;
}
