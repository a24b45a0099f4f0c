import { isCutOff } from '../agent/recorded.ts';
import { type Content, textOf } from '../schema/content.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { Call, Step } from '../schema/trial.ts';
import { type BoundIds, masksAndIdsBetween } from './bound-ids.ts';
import { type Difference, likelyCause } from './difference.ts';
import { type Mask, masksBetween, type TimedSides } from './mask.ts';
import { argumentsUntil, type Compared, comparedAll, type Pair, periodOf } from './pair.ts';

/** Compares what came back for each call of a step. */
export function compareCalls(pair: Pair, step: Step, again: Step | undefined, ids: BoundIds): Compared {
  const cut = isCutOff(pair.recorded, step);
  const calls = step.calls.filter(({ returned }) => returned || !cut);
  const nowOf = (call: Call) => again?.calls.find(({ callId }) => callId === call.callId);
  return comparedAll(calls.map((call) => () => compareCall(pair, step, call, nowOf(call), ids)));
}

function compareCall(
  pair: Pair,
  { index }: Step,
  call: Call,
  again: Call | undefined,
  ids: BoundIds,
): Compared {
  const { recorded, replayed } = pair;
  const [then, now] = [call.returned, again?.returned];
  const differs = (what: string, ofThen: string, ofNow: string): Compared => {
    const texts = { recorded: ofThen, replayed: ofNow };
    const cause = onlyOneTimedOut(then, now)
      ? 'time limit'
      : likelyCause(argumentsUntil(recorded, index, call.callId), texts);
    const difference: Difference = { step: index, callId: call.callId, what, ...texts };
    return { masks: [], difference: { ...difference, ...(cause && { cause }) } };
  };
  if (!then || !now) {
    return !then === !now ? { masks: [] } : differs('answer', presence(then), presence(now));
  }
  const [whatThen, whatNow] = [manner(then), manner(now)];
  const contents = {
    recorded: recorded.bodies.content(then.content),
    replayed: replayed.bodies.content(now.content),
  };
  if (whatThen !== whatNow)
    return differs(
      'kind of answer',
      `${whatThen}\n${textOf(contents.recorded)}`,
      `${whatNow}\n${textOf(contents.replayed)}`,
    );
  const times = [periodOf(recorded.trial), periodOf(replayed.trial)];
  const args = recorded.bodies.text(call.arguments);
  const masks = masksBetweenContents({ ...contents, times }, args, pair.masks, ids);
  return masks ? { masks } : differs('observation', textOf(contents.recorded), textOf(contents.replayed));
}

type Returned = TraceEventOf<'tool.returned'>;

const presence = (returned: Returned | undefined) => (returned ? 'was made and answered' : 'was not made');

const onlyOneTimedOut = (then?: Returned, now?: Returned) =>
  (then?.errorClass === 'timeout') !== (now?.errorClass === 'timeout');

/** Whether it is an error, and of which kind; a call that the record answered counts as answered by its tool. */
function manner({ isError, errorClass, source, captureCut }: Returned): string {
  const by = source === 'record' ? 'tool' : source;
  return [
    by === 'tool' || errorClass ? '' : `answered by ${by}`,
    isError ? `error: ${errorClass ?? 'tool'}` : 'no error',
    captureCut ? 'output cut' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** The masks needed to take two contents for the same, or undefined where they are not. */
function masksBetweenContents(
  { recorded, replayed, times }: TimedSides<readonly Content[]>,
  args: string,
  masks: readonly Mask[],
  ids: BoundIds,
): string[] | undefined {
  if (recorded.length !== replayed.length) return undefined;
  const needed: string[] = [];
  for (const [index, block] of recorded.entries()) {
    const other = replayed[index];
    if (other === undefined || other.type !== block.type || kindOf(block) !== kindOf(other)) return undefined;
    const isText = block.type === 'text' || block.type === 'other';
    const sides = { recorded: bodyOf(block), replayed: bodyOf(other), times };
    const of = isText ? masksAndIdsBetween(sides, args, masks, ids) : masksBetween(sides, args, []);
    if (of === undefined) return undefined;
    needed.push(...of);
  }
  return needed;
}

const kindOf = (block: Content) => ('mimeType' in block ? block.mimeType : '');

function bodyOf(block: Content): string {
  if (block.type === 'text') return block.text;
  return block.type === 'other' ? block.json : block.data;
}
