import type { FailureMode, FailureModes } from '../schema/comparison.ts';
import type { Feature } from '../scoring/feature.ts';
import { allFeatures } from '../scoring/features.ts';
import { associationOf, type Marked } from '../statistic/association.ts';
import { confidence } from '../statistic/confidence.ts';
import { holm } from '../statistic/multiple.ts';
import { placeOf } from './flip.ts';
import type { Paired } from './pairing.ts';
import { type SetTrial, taskKey } from './trial-set.ts';

/** A difference up to this share makes a feature harmless. */
const harmlessUpTo = 0.1;

/** With fewer tasks nothing is said to mark anything. */
const fewest = 10;

interface Ended {
  trial: SetTrial;
  failed: boolean;
  cluster: string;
  stratum: 'a' | 'b';
  /** Of each feature whether it is so; undefined where that can't be told. */
  marks: readonly (boolean | undefined)[];
}

/** Which features mark the trials that failed, in either set and in both together, where each is compared within its set. */
export function failureModes({ tasks }: Paired): FailureModes[] {
  const ended = (stratum: 'a' | 'b') =>
    tasks.flatMap((task) =>
      task[stratum].flatMap((trial): Ended[] => {
        const { success } = trial.score.completion;
        const cluster = task.cluster ?? taskKey(trial);
        if (typeof success !== 'boolean') return [];
        return [{ trial, failed: !success, cluster, stratum, marks: marksOf(trial) }];
      }),
    );
  const [a, b] = [ended('a'), ended('b')];
  return [modesOf('a', a), modesOf('b', b), modesOf('both', [...a, ...b])];
}

function marksOf({ score }: SetTrial): Ended['marks'] {
  return allFeatures().map(({ id }) => {
    const said = score.behaviour.features[id];
    return typeof said === 'boolean' ? said : undefined;
  });
}

function modesOf(of: FailureModes['of'], trials: readonly Ended[]): FailureModes {
  const failed = trials.filter((one) => one.failed).length;
  const succeeded = trials.length - failed;
  const units = new Set(trials.map(({ cluster }) => cluster)).size;
  const counts = { of, failed, succeeded, units };
  if (failed === 0) return { ...counts, modes: { unscored: 'no trial failed' } };
  if (succeeded === 0) return { ...counts, modes: { unscored: 'no trial was completed' } };
  const found = allFeatures().flatMap((feature, at) => modeOf(feature, at, trials));
  const adjusted = holm(found.map(({ p }) => p));
  const modes = found.map((mode, at): FailureMode => {
    const p = adjusted[at] ?? 1;
    return { ...mode, adjusted: p, kind: kindOf(mode, p, units) };
  });
  return { ...counts, modes: modes.sort(byEvidence) };
}

type Mode = Omit<FailureMode, 'adjusted' | 'kind'>;

/** Nothing of a feature that is so of all trials or of none: it tells nothing apart. */
function modeOf({ id, what }: Feature, at: number, trials: readonly Ended[]): Mode[] {
  const isSome = (wanted: boolean) => trials.some(({ marks }) => marks[at] === wanted);
  if (!isSome(true) || !isSome(false)) return [];
  const told = trials.flatMap(
    ({ trial, failed, cluster, stratum, marks }): (Marked & { trial: SetTrial })[] => {
      const marked = marks[at];
      return marked === undefined ? [] : [{ trial, marked, inGroup: failed, cluster, stratum }];
    },
  );
  const found = associationOf(told);
  if (!found) return [];
  const { inside, outside, difference, low, high, p } = found;
  const example = told.find(({ marked, inGroup }) => marked && inGroup)?.trial;
  return [
    {
      feature: id,
      what,
      failed: inside,
      succeeded: outside,
      difference,
      interval: { low, high, method: 'newcombe' },
      p,
      unscored: trials.length - told.length,
      ...(example && { example: placeOf(example) }),
    },
  ];
}

function kindOf({ difference, interval }: Mode, adjusted: number, units: number): FailureMode['kind'] {
  if (units < fewest) return 'unclear';
  if (adjusted <= 1 - confidence && (interval.low > 0 || interval.high < 0))
    return difference > 0 ? 'failure' : 'success';
  return interval.low > -harmlessUpTo && interval.high < harmlessUpTo ? 'harmless' : 'unclear';
}

const order: readonly FailureMode['kind'][] = ['failure', 'success', 'unclear', 'harmless'];

const byEvidence = (x: FailureMode, y: FailureMode) =>
  order.indexOf(x.kind) - order.indexOf(y.kind) ||
  x.p - y.p ||
  Math.abs(y.difference) - Math.abs(x.difference);
