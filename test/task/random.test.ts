import { expect, test } from 'vitest';
import { instanceRandom } from '../../src/task/random.ts';

test('all chance follows from the seed', () => {
  const drawn = (seed: string) => {
    const random = instanceRandom(seed);
    return [random.number(), random.int(1, 1000), random.shuffle([1, 2, 3, 4, 5, 6, 7, 8])];
  };
  expect(drawn('a')).toEqual(drawn('a'));
  expect(drawn('a')).not.toEqual(drawn('b'));
});

test('a fork does not change what is drawn beside it', () => {
  const [one, other] = [instanceRandom('a'), instanceRandom('a')];
  one.fork('x').number();
  expect(one.number()).toBe(other.number());
  expect(one.fork('x').number()).not.toBe(one.fork('y').number());
});

test('bounds are kept, and a sample repeats nothing', () => {
  const random = instanceRandom('bounds');
  const numbers = Array.from({ length: 500 }, () => random.int(3, 5));
  expect(new Set(numbers)).toEqual(new Set([3, 4, 5]));
  expect(new Set(random.sample(['a', 'b', 'c', 'd'], 4)).size).toBe(4);
  expect(() => random.sample(['a'], 2)).toThrow('at most the 1');
  expect(() => random.int(2, 1)).toThrow('the lower one first');
});
