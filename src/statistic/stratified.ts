import { type Bounds, upper } from './confidence.ts';
import { normalQuantile, studentQuantile } from './distribution.ts';
import { wilson } from './interval.ts';
import { mean, variance } from './mean.ts';

/** Tasks that are about as hard: how many there are, and the values, 0 to 1, of those that were drawn of them. */
export interface Stratum {
  size: number;
  values: readonly number[];
}

/**
 * The mean over all tasks of strata that were drawn from by lot, each weighted by its size, with its 95 % interval: Wilson's over as
 * many tries as would be as sure. What was drawn is known, so that the error shrinks to none where all were. Strata of which fewer
 * than two were drawn are taken together with the next. Undefined where fewer than two were drawn in all.
 */
export function stratifiedMean(strata: readonly Stratum[]): (Bounds & { mean: number }) | undefined {
  const kept = merged(strata);
  const size = kept.reduce((sum, stratum) => sum + stratum.size, 0);
  const drawn = kept.reduce((sum, { values }) => sum + values.length, 0);
  if (drawn < 2) return undefined;
  const centre = kept.reduce((sum, stratum) => sum + (stratum.size / size) * mean(stratum.values), 0);
  if (drawn === size) return { mean: centre, low: centre, high: centre };
  if (centre === 0 || centre === 1) {
    const tries = drawn / (1 - drawn / size);
    return { mean: centre, ...ends(centre, tries) };
  }
  const squareOf = (spreadOf: (values: readonly number[]) => number) =>
    kept.reduce((sum, { size: own, values }) => {
      const left = 1 - values.length / own;
      return sum + ((own / size) ** 2 * left * spreadOf(values)) / values.length;
    }, 0);
  const square = squareOf((values) => (values.length > 1 ? variance(values) : 0)) || squareOf(cautious);
  const wider = studentQuantile(upper, Math.max(1, drawn - kept.length)) / normalQuantile(upper);
  return { mean: centre, ...ends(centre, (centre * (1 - centre)) / (square * wider ** 2)) };
}

function ends(share: number, tries: number): Bounds {
  const { low, high } = wilson(share * tries, tries);
  return { low, high };
}

/** Where nothing varies within any stratum, as if half a try of each went the other way: so few can't tell that nothing ever does. */
function cautious(values: readonly number[]): number {
  const share = (mean(values) * values.length + 0.5) / (values.length + 1);
  return share * (1 - share);
}

function merged(strata: readonly Stratum[]): Stratum[] {
  const whole: Stratum[] = [];
  let open: Stratum = { size: 0, values: [] };
  for (const { size, values } of strata) {
    open = { size: open.size + size, values: [...open.values, ...values] };
    if (open.values.length < Math.min(2, open.size)) continue;
    whole.push(open);
    open = { size: 0, values: [] };
  }
  const last = whole.at(-1);
  if (open.size === 0 || !last) return open.size === 0 ? whole : [open];
  return [...whole.slice(0, -1), { size: last.size + open.size, values: [...last.values, ...open.values] }];
}
