import { diffArrays } from 'diff';
import type { CallRow, StepRow } from '../../api.ts';

/** A call and the step it belongs to. */
export interface PlacedCall {
  step: number;
  call: CallRow;
}

/** Calls of two trials beside each other; one is absent where only the other trial made it. */
export interface Pair {
  left?: PlacedCall;
  right?: PlacedCall;
  /** `answer`: the same call, another observation. */
  kind: 'same' | 'answer' | 'left' | 'right';
}

/** How long an alignment may take, in milliseconds, before the rest is laid side by side as it comes. */
const patience = 2000;

/** Aligns two trials by their calls. */
export function alignCalls(left: readonly StepRow[], right: readonly StepRow[]): Pair[] {
  const [ours, theirs] = [callsOf(left), callsOf(right)];
  const parts = diffArrays(
    ours.map(({ call }) => call.question),
    theirs.map(({ call }) => call.question),
    { timeout: patience },
  );
  if (!parts) return sideBySide(ours, theirs);
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  for (const { count = 0, added, removed } of parts) {
    for (let n = 0; n < count; n++) {
      if (added) pairs.push(only('right', theirs[j++]));
      else if (removed) pairs.push(only('left', ours[i++]));
      else pairs.push(both(ours[i++], theirs[j++]));
    }
  }
  return pairs;
}

/** Where two trials part: the first pair that is not the same on both sides; -1 where there is none. */
export function firstDivergence(pairs: readonly Pair[]): number {
  return pairs.findIndex(({ kind }) => kind !== 'same');
}

function callsOf(rows: readonly StepRow[]): PlacedCall[] {
  return rows.flatMap(({ step, calls }) => calls.map((call) => ({ step, call })));
}

function only(side: 'left' | 'right', placed: PlacedCall | undefined): Pair {
  return { kind: side, ...(placed && { [side]: placed }) };
}

function both(left: PlacedCall | undefined, right: PlacedCall | undefined): Pair {
  const kind = left?.call.answer === right?.call.answer ? 'same' : 'answer';
  return { kind, ...(left && { left }), ...(right && { right }) };
}

function sideBySide(ours: readonly PlacedCall[], theirs: readonly PlacedCall[]): Pair[] {
  return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => {
    const [left, right] = [ours[i], theirs[i]];
    return left?.call.question === right?.call.question
      ? both(left, right)
      : { kind: 'left', ...(left && { left }), ...(right && { right }) };
  });
}
