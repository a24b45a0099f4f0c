import type { BehaviourRate, ComparedBehaviour } from '../schema/comparison.ts';
import { category } from '../schema/finding.ts';
import { isUnscored, type TrialScore, type Unscored } from '../schema/score.ts';
import { allFeatures } from '../scoring/features.ts';
import { holm } from '../statistic/multiple.ts';
import type { MeasureKind } from './measure/measure.ts';
import type { Paired } from './pairing.ts';
import { partingOf } from './parting.ts';
import { figureOf } from './scorecard.ts';
import { termDivergence } from './term.ts';

/** What two sets do differently, whichever of it is better. */
export function behaviour(paired: Paired, names: Record<'a' | 'b', string>): ComparedBehaviour {
  const trials = paired.tasks.flatMap(({ a, b }) => [...a, ...b]);
  const kinds = category.options
    .map((kind) => rateOf(`found-${kind}`))
    .filter(({ of }) => trials.some(({ score }) => of(score) === 1));
  return {
    divergence: termDivergence(paired, names),
    parting: partingOf(paired),
    rates: figures(rates, paired),
    findings: figures(kinds, paired),
  };
}

interface Rate extends Pick<MeasureKind, 'of'> {
  id: string;
  what: string;
  unit: 'share' | 'count';
}

type Efficiency = TrialScore['efficiency'];

/** How many of something there are in a trial. */
const counted = (id: string, what: string, of: (efficiency: Efficiency) => number | Unscored): Rate => ({
  ...{ id, what, unit: 'count' },
  of: ({ efficiency }) => of(efficiency),
});

/** How often a feature is so. */
function rateOf(id: string): Rate {
  const of = ({ behaviour }: TrialScore) => {
    const said = behaviour.features[id];
    return typeof said === 'object' ? said : Number(said ?? false);
  };
  return { id, what: allFeatures().find((feature) => feature.id === id)?.what ?? id, unit: 'share', of };
}

/** A share of something that a trial may have none of. */
const shareOf = (
  id: string,
  what: string,
  part: (of: Efficiency) => number,
  all: (of: Efficiency) => number,
): Rate => ({
  ...{ id, what, unit: 'share' },
  of: ({ efficiency }) =>
    all(efficiency) === 0
      ? { unscored: 'there was nothing that it could be of' }
      : Math.min(1, part(efficiency) / all(efficiency)),
});

const rates: readonly Rate[] = [
  shareOf(
    'errors',
    'calls that returned an error',
    ({ errors }) => errors,
    ({ calls }) => calls,
  ),
  shareOf(
    'recoveries',
    'errors that it recovered from',
    ({ recovered }) => recovered,
    ({ errors }) => errors,
  ),
  counted('loops', 'loops in a trial', ({ loops }) => loops),
  counted('redundant-reads', 'redundant reads in a trial', ({ redundantReads }) => redundantReads),
  counted('no-op-writes', 'writes in a trial that changed nothing', ({ noopWrites }) => noopWrites),
  ...['repeated-failure', 'unverified', 'asked', 'gave-up', 'refused'].map(rateOf),
];

function figures(list: readonly Rate[], { tasks, pairing: { design } }: Paired): BehaviourRate[] {
  const found = list.map(({ of, ...rate }) => ({
    ...rate,
    figure: figureOf({ ...rate, of, better: 'less', over: 'shared' }, tasks, { design }),
  }));
  const adjusted = holm(found.flatMap(({ figure }) => (isUnscored(figure) ? [] : [figure.p])));
  return found.map((one) => (isUnscored(one.figure) ? one : { ...one, adjusted: adjusted.shift() ?? 1 }));
}
