import { placesMatcher } from '../../record/place.ts';
import type { ResolvedTrial } from './resolved-trial.ts';

/** Tells the files that the contract names one by one, with a wildcard in their own name at most, as what may or must change. */
export function namedPlace({ contract }: ResolvedTrial): (path: string) => boolean {
  const { may_change = [], must_change = [] } = contract;
  const isNamed = placesMatcher(
    [...may_change, ...must_change].filter((place) => /^[^*?{[#]*\/[^/]*[^/*#][^/#]*$/.test(place)),
  );
  return (path) => isNamed({ path });
}
