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
 * masks do not cover, once the view has it; calls whose observation is `edited` are passed over.
 */
export function follower(
  recording: Recording,
  masks: readonly Mask[],
  edited: ReadonlySet<string> = new Set(),
): (view: View) => Difference | undefined {
  const recorded = viewOf(recording.trial, recording.bodies, {}).steps;
  const from = Date.now();
  let followed = 0;
  return (view) => {
    for (; followed < Math.min(view.steps.length, recorded.length); followed++) {
      const found = differenceAt(followed, recorded[followed], view.steps[followed], {
        recording,
        masks,
        edited,
        from,
      });
      if (found) return found;
    }
    return undefined;
  };
}

interface Following {
  recording: Recording;
  masks: readonly Mask[];
  edited: ReadonlySet<string>;
  from: number;
}

function differenceAt(
  step: number,
  recorded: ViewStep | undefined,
  live: ViewStep | undefined,
  { recording, masks, edited, from }: Following,
): Difference | undefined {
  for (const { callId, content, isError } of recorded?.observations ?? []) {
    if (edited.has(callId)) continue;
    const again = live?.observations.find((one) => one.callId === callId);
    const args = argumentsUntil(recording, step, callId);
    const times = [periodOf(recording.trial), { from, to: Date.now() }];
    const sides = { recorded: content, replayed: again?.content ?? [], times };
    if (again?.isError === isError && masksBetweenContents(sides, args.at(-1) ?? '', masks)) continue;
    const texts = { recorded: textOf(content), replayed: textOf(sides.replayed) };
    const cause = likelyCause(args, texts);
    return { step, callId, what: 'observation', ...texts, ...(cause && { cause }) };
  }
  return undefined;
}
