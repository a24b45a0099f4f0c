import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that follows from a seed alone. */
export interface InstanceRandom {
  /** 0 ≤ x < 1. */
  number(): number;
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number;
  /** True so often of 1. */
  chance(share: number): boolean;
  /** One of a list, which has at least one. */
  pick<T>(from: readonly T[]): T;
  /** So many different places of a list, in random order. */
  sample<T>(from: readonly T[], count: number): T[];
  shuffle<T>(list: readonly T[]): T[];
  /** Chance of its own, which does not change what is drawn here. */
  fork(name: string): InstanceRandom;
}

export function instanceRandom(seed: string): InstanceRandom {
  const digest = createHash('sha256').update(seed).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  const number = () => uniformFloat64(generator);
  const int = (least: number, most: number) => {
    if (!Number.isInteger(least) || !Number.isInteger(most) || most < least)
      throw new RangeError(`int(${least}, ${most}): expected two whole numbers, the lower one first`);
    return uniformInt(generator, least, most);
  };
  const sample = <T>(from: readonly T[], count: number): T[] => {
    if (count > from.length)
      throw new RangeError(`sample: expected at most the ${from.length} that there are, got ${count}`);
    const left = [...from];
    return Array.from({ length: count }, () => left.splice(int(0, left.length - 1), 1)[0] as T);
  };
  return {
    number,
    int,
    chance: (share) => number() < share,
    pick: (from) => sample(from, 1)[0] as (typeof from)[number],
    sample,
    shuffle: (list) => sample(list, list.length),
    fork: (name) => instanceRandom(`${seed}/${name}`),
  };
}
