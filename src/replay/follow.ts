import { textOf } from '../schema/content.ts';
import type { View, ViewStep } from '../schema/view.ts';
import { viewOf } from '../trace/view.ts';
import { likelyCause } from './cause.ts';
import { masksBetweenContents } from './compare-observation.ts';
import type { Difference } from './difference.ts';
import type { Mask } from './mask.ts';
import { argumentsUntil, periodOf } from './pair.ts';
import type { Recording } from './recording.ts';

/**
 * Compares what a trial shows its agent with a recording, step by step as it goes on. Gives the first difference that
 * masks do not cover, once the view has it.
 */
export function follower(
  recording: Recording,
  masks: readonly Mask[],
): (view: View) => Difference | undefined {
  const recorded = viewOf(recording.trial, recording.bodies, {}).steps;
  const from = Date.now();
  let followed = 0;
  return (view) => {
    for (; followed < Math.min(view.steps.length, recorded.length); followed++) {
      const found = differenceAt(followed, recorded[followed], view.steps[followed], {
        recording,
        masks,
        from,
      });
      if (found) return found;
    }
    return undefined;
  };
}

function differenceAt(
  step: number,
  recorded: ViewStep | undefined,
  live: ViewStep | undefined,
  { recording, masks, from }: { recording: Recording; masks: readonly Mask[]; from: number },
): Difference | undefined {
  for (const { callId, content, isError } of recorded?.observations ?? []) {
    const again = live?.observations.find((one) => one.callId === callId);
    const args = argumentsUntil(recording, step, callId);
    const time = { recorded: periodOf(recording.trial), replayed: { from, to: Date.now() } };
    const sides = { recorded: content, replayed: again?.content ?? [], time };
    if (again?.isError === isError && masksBetweenContents(sides, args.at(-1) ?? '', masks)) continue;
    const texts = { recorded: textOf(content), replayed: textOf(sides.replayed) };
    const cause = likelyCause(args, texts);
    return { step, callId, what: 'observation', ...texts, ...(cause && { cause }) };
  }
  return undefined;
}
