import { type Bounds, upper } from './confidence.ts';
import { normalQuantile } from './distribution.ts';
import { mean, total, variance } from './mean.ts';

/** A share from 0 to 1 with its standard error and 95 % interval. */
export interface SharedEstimate extends Bounds {
  share: number;
  error: number;
}

interface Rate {
  share: number;
  of: number;
}

/** A judge that tells right from wrong hardly better than by chance can't be corrected. */
const leastInformed = 0.2;

/**
 * Rogan and Gladen's: how often something is so of what a judge found it in `found.share` of the time, where it catches `caught.share` of
 * what is so and clears `cleared.share` of what is not. Undefined where it tells the two hardly apart.
 */
export function correctedShare({
  found,
  caught,
  cleared,
}: Record<'found' | 'caught' | 'cleared', Rate>): SharedEstimate | undefined {
  const informed = caught.share + cleared.share - 1;
  if (!(informed >= leastInformed)) return undefined;
  const share = (found.share + cleared.share - 1) / informed;
  const spread = varianceOf(found) + varianceOf(cleared) * (1 - share) ** 2 + varianceOf(caught) * share ** 2;
  return estimate(share, Math.sqrt(spread) / informed);
}

const varianceOf = ({ share, of }: Rate) => (share * (1 - share)) / of;

/** What is so of one thing, and what the judge said of it; 0 or 1. */
export interface LabelledAnswer {
  so: number;
  said: number;
}

/**
 * Prediction-powered: how often something is so of all that a judge answered, by labels of some of it drawn by chance and by its answers to
 * all. Its answers count by `weight`: as much as makes the estimate surest, unless given; none where they tell nothing.
 */
export function labelledShare(
  labelled: readonly LabelledAnswer[],
  all: Rate,
  weight = surestWeight(labelled, all),
): SharedEstimate {
  const rests = labelled.map(({ so, said }) => so - weight * said);
  const spread = weight ** 2 * varianceOf(all) + variance(rests) / labelled.length;
  return estimate(weight * all.share + mean(rests), Math.sqrt(spread));
}

function surestWeight(labelled: readonly LabelledAnswer[], { of }: Rate): number {
  const said = labelled.map((one) => one.said);
  const spread = variance(said);
  if (spread === 0) return 0;
  const [so, middle] = [mean(labelled.map((one) => one.so)), mean(said)];
  const together = total(labelled.map((one) => (one.so - so) * (one.said - middle))) / (labelled.length - 1);
  return together / ((1 + labelled.length / of) * spread);
}

function estimate(share: number, error: number): SharedEstimate {
  const reach = normalQuantile(upper) * error;
  const possible = (value: number) => Math.min(1, Math.max(0, value));
  return { share: possible(share), error, low: possible(share - reach), high: possible(share + reach) };
}
