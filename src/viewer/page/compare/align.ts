import { diffArrays } from 'diff';
import { knownWorst } from '../../../scoring/unsafe.ts';
import type { CallRow, StepRow, TrialResponse } from '../../api.ts';
import { isUnscored } from '../format.ts';

/** A call and the step it belongs to. */
export interface PlacedCall {
  step: number;
  call: CallRow;
}

/** Calls of two trials beside each other; one is absent where only the other trial made it. */
export interface Pair {
  left?: PlacedCall;
  right?: PlacedCall;
  /** `answer`: the same call, another observation; `other`: another call in its place. */
  kind: 'same' | 'answer' | 'other' | 'left' | 'right';
}

/** How long an alignment may take, in milliseconds, before the rest is laid side by side as it comes. */
const maxDiffMs = 2000;

/** Aligns two trials by their calls. */
export function alignCalls(first: readonly StepRow[], second: readonly StepRow[]): Pair[] {
  const [ours, theirs] = [callsOf(first), callsOf(second)];
  const parts = diffArrays(
    ours.map(({ call }) => call.question),
    theirs.map(({ call }) => call.question),
    { timeout: maxDiffMs },
  );
  if (!parts) return sideBySide(ours, theirs);
  const pairs: Pair[] = [];
  // What only one side has is held back until both agree again.
  let [left, right] = [0, 0];
  let held = { left: 0, right: 0 };
  for (const { count, added, removed } of parts) {
    if (removed) held.left += count;
    else if (added) held.right += count;
    else {
      pairs.push(...sideBySide(take(ours, left, held.left), take(theirs, right, held.right)));
      [left, right] = [left + held.left, right + held.right];
      pairs.push(...sideBySide(take(ours, left, count), take(theirs, right, count)));
      [left, right] = [left + count, right + count];
      held = { left: 0, right: 0 };
    }
  }
  return [...pairs, ...sideBySide(ours.slice(left), theirs.slice(right))];
}

/** Where two trials part: the first pair that is not the same on both sides; -1 where there is none. */
export function firstDivergence(pairs: readonly Pair[]): number {
  return pairs.findIndex(({ kind }) => kind !== 'same');
}

const take = (calls: readonly PlacedCall[], from: number, count: number) => calls.slice(from, from + count);

function callsOf(rows: readonly StepRow[]): PlacedCall[] {
  return rows.flatMap(({ step, calls }) => calls.map((call) => ({ step, call })));
}

function sideBySide(ours: readonly PlacedCall[], theirs: readonly PlacedCall[]): Pair[] {
  return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => {
    const [left, right] = [ours[i], theirs[i]];
    return { kind: kindOf(left?.call, right?.call), ...(left && { left }), ...(right && { right }) };
  });
}

function kindOf(left: CallRow | undefined, right: CallRow | undefined): Pair['kind'] {
  if (!left) return 'right';
  if (!right) return 'left';
  if (left.question !== right.question) return 'other';
  return left.answer === right.answer ? 'same' : 'answer';
}

type Score = TrialResponse['score'];

/** The trial that is at least as good in completion, safe success and worst severity, and better in one; undefined where there is none. */
export function betterOf(left: Score, right: Score): 'left' | 'right' | undefined {
  if (!left || !right) return undefined;
  const differences = [
    difference(left.completion.reward, right.completion.reward),
    difference(left.safety.safeSuccess, right.safety.safeSuccess),
    difference(knownWorst(right), knownWorst(left)),
  ];
  const [won, lost] = [differences.some((by) => by > 0), differences.some((by) => by < 0)];
  if (won === lost) return undefined;
  return won ? 'left' : 'right';
}

/** Zero where one of both could not be judged. */
function difference(left: unknown, right: unknown): number {
  return isUnscored(left) || isUnscored(right) ? 0 : Number(left) - Number(right);
}
