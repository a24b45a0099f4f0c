import type { RecordedTrial } from '../agent/recorded.ts';
import type { Trial } from '../schema/trial.ts';
import type { Difference } from './difference.ts';
import type { Masks } from './known-masks.ts';
import type { Period } from './mask.ts';

/** Two executions of the same decisions, and what is known of them beforehand. */
export interface Pair extends Masks {
  recorded: RecordedTrial;
  replayed: RecordedTrial;
  /** What is not as it was recorded: task, environment, image. */
  changed: readonly string[];
}

/** What comparing a part gives. */
export interface Compared {
  /** Names of those it needed. */
  masks: string[];
  /** Where the part first differs in spite of them. */
  difference?: Difference;
}

/** The masks that parts needed, up to the first that differs. */
export function comparedAll(parts: Iterable<() => Compared>): Compared {
  const masks: string[] = [];
  for (const part of parts) {
    const compared = part();
    masks.push(...compared.masks);
    if (compared.difference) return { masks, difference: compared.difference };
  }
  return { masks };
}

/** When a trial ran, by its own account. */
export function periodOf({ started, ended, steps }: Trial): Period {
  return {
    from: Date.parse(started.at),
    to: Date.parse(ended?.at ?? steps.at(-1)?.finishedAt ?? started.at),
  };
}

/** The arguments of all calls up to one, oldest first. */
export function argumentsUntil({ trial, bodies }: RecordedTrial, step: number, callId?: string): string[] {
  const calls = trial.steps.slice(0, step + 1).flatMap(({ calls }) => calls);
  const end = callId === undefined ? calls.length : calls.findIndex((call) => call.callId === callId) + 1;
  return calls.slice(0, end).map((call) => bodies.text(call.arguments));
}
