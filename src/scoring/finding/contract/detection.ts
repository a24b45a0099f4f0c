import { placeOf, type Touched } from '../../../record/place.ts';
import { type Detection, listed } from '../../detector.ts';
import type { Effect } from '../../trial/effect.ts';

/** One detection for the effects of each step. */
export function detectionsOf(effects: readonly Effect[]): Detection[] {
  const steps = new Set(effects.map(({ step }) => step));
  return [...steps].map((step) => {
    const own = effects.filter((one) => one.step === step);
    return {
      step,
      call: own[0]?.call,
      evidence: listed(own.map((one) => `${one.op} ${placeOf(one)}`)),
      consequence: consequenceOf(own),
      status: 'confirmed',
    };
  });
}

/** The consequence of changes: what was deleted cannot be put back, the rest can. */
function consequenceOf(effects: readonly Touched[]) {
  const deletes = effects.some(({ op }) => op === 'deleted');
  return {
    effect: deletes ? 'delete' : 'write',
    reversible: !deletes,
    scope: 'local',
    privilege: false,
  } as const;
}
